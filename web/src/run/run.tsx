export function Run({ dataset }: { dataset: string; onLocked: () => void }) {
  return <h1 tabIndex={-1}>{dataset}</h1>;
}

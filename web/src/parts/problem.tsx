/** What went wrong, which screen readers say at once; nothing for an empty text. */
export function Problem({ text }: { text: string | null }) {
  if (!text) return null;
  return (
    <p class="problem" role="alert">
      {text}
    </p>
  );
}

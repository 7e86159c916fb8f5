/** A progress bar with label and detail; without `value` it is indeterminate. */
export function ProgressBar({ label, value, detail }: { label: string; value?: number; detail: string }) {
  const percent = value === undefined ? undefined : Math.round(Math.min(1, value) * 100);
  return (
    <div class="progress">
      <div class="progress-text">
        <span>{label}</span>
        <span class="minor">{detail}</span>
      </div>
      <progress aria-label={label} max={100} {...(percent === undefined ? {} : { value: percent })} />
    </div>
  );
}

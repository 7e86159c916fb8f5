import { type NumberLimits, numberProblem } from '../parts/number-limits.js';
import { TypedField } from './typed-field.js';

/** A field for a number of the settings. A number outside its limits is marked and not reported. */
export function NumberField({
  label,
  limits,
  value,
  disabled,
  onChange,
}: {
  label: string;
  limits: NumberLimits;
  value: number;
  disabled: boolean;
  onChange: (value: number) => void;
}) {
  return (
    <TypedField
      label={label}
      value={String(value)}
      attributes={{ type: 'number', required: true, disabled, ...limits }}
      problemOf={(input) => numberProblem(input, limits)}
      isSame={(text) => text !== '' && Number(text) === value}
      onChange={(text) => onChange(Number(text))}
    />
  );
}

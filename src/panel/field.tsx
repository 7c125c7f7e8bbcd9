import * as React from 'react';

interface IFieldProps extends React.InputHTMLAttributes<HTMLInputElement> {
  id: string;
  label: string;
  hint: React.ReactNode;
  onValue: (value: string) => void;
}

/** A text box with its label above and a hint below. */
export function Field(props: IFieldProps): JSX.Element {
  const { id, label, hint, onValue, ...others } = props;
  return (
    <div className="jp-CodeAct-field">
      <label htmlFor={id}>{label}</label>
      <input
        {...others}
        id={id}
        className="jp-CodeAct-input"
        aria-describedby={`${id}-hint`}
        spellCheck={false}
        onChange={event => onValue(event.target.value)}
      />
      <span id={`${id}-hint`} className="jp-CodeAct-hint">
        {hint}
      </span>
    </div>
  );
}

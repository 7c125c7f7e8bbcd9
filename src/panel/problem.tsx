import * as React from 'react';

/** What went wrong, in words and said to screen readers, and what can be done about it; nothing where nothing did. */
export function Problem(props: {
  text: string;
  /** What it is called, where there may be several. */
  name?: string;
  children?: React.ReactNode;
}): JSX.Element | null {
  const { children, name, text } = props;
  return text ? (
    <p className="jp-CodeAct-problem" role="alert">
      {name && (
        <>
          <strong>{name}</strong>:{' '}
        </>
      )}
      {text}
      {children && <> {children}</>}
    </p>
  ) : null;
}

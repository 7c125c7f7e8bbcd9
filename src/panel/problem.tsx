import * as React from 'react';

/** What went wrong, in words and said to screen readers; nothing where nothing did. */
export function Problem(props: { text: string }): JSX.Element | null {
  return props.text ? (
    <p className="jp-CodeAct-problem" role="alert">
      {props.text}
    </p>
  ) : null;
}

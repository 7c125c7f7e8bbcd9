import * as React from 'react';

import { useKept } from './reading';

/** Something to unfold; whether it is unfolded is kept under `name`, and its content is there only then. */
export function Fold(props: {
  name: string;
  className: string;
  label: string;
  children: React.ReactNode;
}): JSX.Element {
  const [open, setOpen] = useKept(props.name, false);
  return (
    <details className={props.className} open={open}>
      <summary
        onClick={event => {
          event.preventDefault();
          setOpen(!open);
        }}
      >
        {props.label}
      </summary>
      {open && props.children}
    </details>
  );
}

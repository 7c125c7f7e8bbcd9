import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { IconButton } from './iconButton';
import { useServices } from './services';

/** So long it can be seen that something was done, and undone (ms); longer while it has the focus or the pointer. */
const SHOWN = 10_000;

/** Says what was just done and offers to undo it; takes the focus, as what had it may be gone. */
export function UndoBar(props: {
  text: string;
  onUndo: () => void;
  onDone: () => void;
}): JSX.Element {
  const { trans } = useServices();
  const [focused, setFocused] = React.useState(false);
  const [hovered, setHovered] = React.useState(false);
  const button = React.useRef<HTMLButtonElement>(null);
  const done = React.useRef(props.onDone);
  done.current = props.onDone;
  React.useEffect(() => button.current?.focus(), []);
  const text = React.useId();
  const held = focused || hovered;
  React.useEffect(() => {
    if (held) {
      return;
    }
    const timer = window.setTimeout(() => done.current(), SHOWN);
    return () => window.clearTimeout(timer);
  }, [held]);
  return (
    <div
      className="jp-CodeAct-undo"
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
      onMouseEnter={() => setHovered(true)}
      onMouseLeave={() => setHovered(false)}
    >
      <span id={text} className="jp-CodeAct-undoText" role="status">
        {props.text}
      </span>
      <button
        ref={button}
        type="button"
        className="jp-CodeAct-button"
        aria-describedby={text}
        onClick={props.onUndo}
      >
        {trans.__('Undo')}
      </button>
      <IconButton
        icon={closeIcon}
        title={trans.__('Close')}
        onClick={props.onDone}
      />
    </div>
  );
}

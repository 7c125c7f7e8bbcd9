import type { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

/** A small button that shows an icon; `label` is its name where `title` is too short to tell it from its neighbours. */
export function IconButton(props: {
  icon: LabIcon;
  title: string;
  label?: string;
  disabled?: boolean;
  hasMenu?: boolean;
  /** Whether what it switches is on. */
  pressed?: boolean;
  /** Whether what it unfolds is open. */
  expanded?: boolean;
  onClick: React.MouseEventHandler<HTMLButtonElement>;
}): JSX.Element {
  const { icon, title, label = title, pressed } = props;
  return (
    <button
      type="button"
      className={`jp-CodeAct-iconButton${pressed ? ' jp-mod-on' : ''}`}
      aria-label={label}
      aria-pressed={pressed}
      aria-expanded={props.expanded}
      aria-haspopup={props.hasMenu ? 'menu' : undefined}
      title={title}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <icon.react tag="span" />
    </button>
  );
}

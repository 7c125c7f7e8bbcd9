import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

/** Asks, once a conversation, whether its cells may run without asking. */
export function BypassConfirmation(props: {
  trans: TranslationBundle;
  busy?: boolean;
  onAgree: () => void;
  onCancel: () => void;
}): JSX.Element {
  const { trans, busy, onAgree, onCancel } = props;
  const id = React.useId();
  return (
    <div
      className="jp-CodeAct-bypass"
      role="alertdialog"
      aria-labelledby={id}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onCancel();
        }
      }}
    >
      <p id={id}>
        {trans.__(
          'Every cell of this conversation will run as soon as it is written, whatever it does. This ends with a new conversation or when the page is reloaded.'
        )}
      </p>
      <div className="jp-CodeAct-buttons">
        <button
          type="button"
          className="jp-CodeAct-button jp-mod-styled jp-mod-warn"
          disabled={busy}
          onClick={onAgree}
        >
          {trans.__('Run without asking')}
        </button>
        <button
          type="button"
          className="jp-CodeAct-button"
          autoFocus
          onClick={onCancel}
        >
          {trans.__('Keep asking')}
        </button>
      </div>
    </div>
  );
}

import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { isImage, keyOf, labelOf, sentOf } from './attached';
import { useChanges, useValue } from './hooks';
import { hiddenIcon, shownIcon } from './icons';
import { useServices } from './services';
import { visible } from './words';

/** What goes with the message, each with a switch and a way out; below it, in a line each, what does not go. */
export function AttachedChips(): JSX.Element | null {
  const { codeact, panel, trans } = useServices();
  const attached = useValue(panel.changed, () => panel.attached);
  useChanges(codeact.statusChanged);
  if (attached.length === 0) {
    return null;
  }
  const unseen =
    codeact.answering?.vision === false &&
    sentOf(attached).some(attachment => isImage(attachment));
  const problems = attached
    .map(({ problem }) => problem)
    .filter(problem => problem !== '');
  const without = (key: string) => {
    panel.attached = panel.attached.filter(
      ({ attachment }) => keyOf(attachment) !== key
    );
    panel.focusComposer();
  };
  const toggle = (key: string) => {
    panel.attached = panel.attached.map(item =>
      keyOf(item.attachment) === key ? { ...item, shown: !item.shown } : item
    );
  };
  return (
    <>
      <div
        className="jp-CodeAct-chips"
        role="group"
        aria-label={trans.__('What goes with the message')}
      >
        {attached.map(({ attachment, problem, shown }) => {
          const key = keyOf(attachment);
          const label = labelOf(attachment);
          const on = shown && !problem;
          const Icon = on ? shownIcon.react : hiddenIcon.react;
          return (
            <span
              key={key}
              className={`jp-CodeAct-attached${problem ? ' jp-mod-problem' : ''}`}
            >
              <button
                type="button"
                className="jp-CodeAct-chip"
                aria-label={trans.__('Show the model: %1', label)}
                aria-pressed={on}
                disabled={problem !== ''}
                title={problem || visible(attachment.name)}
                onClick={() => toggle(key)}
              >
                <span className="jp-CodeAct-chipLabel">{label}</span>
                <Icon tag="span" width="14px" height="14px" />
              </button>
              <button
                type="button"
                className="jp-CodeAct-chip jp-mod-remove"
                aria-label={trans.__('Remove %1', label)}
                title={trans.__('Remove')}
                onClick={() => without(key)}
              >
                <closeIcon.react tag="span" width="12px" height="12px" />
              </button>
            </span>
          );
        })}
      </div>
      <div role="status" className="jp-CodeAct-attachedNotes">
        {problems.map(problem => (
          <p key={problem}>{problem}</p>
        ))}
        {unseen && (
          <p>
            {trans.__(
              '%1 takes no images: it is told that there is one, and does not see it.',
              answeringName(codeact.answering)
            )}
          </p>
        )}
      </div>
    </>
  );

  function answeringName(
    choice: { model: string; offline: boolean } | null
  ): string {
    return choice?.offline
      ? trans.__('Offline analyst')
      : visible(choice?.model ?? '');
  }
}

import * as React from 'react';

import { useChanges } from './hooks';
import { hiddenIcon, shownIcon } from './icons';
import { useServices } from './services';
import { fileName } from './words';

/** What goes to the model with a message, each with a switch; nothing before there is a notebook. */
export function ContextChips(): JSX.Element | null {
  const { codeact, trans } = useServices();
  useChanges(codeact.statusChanged);
  const { binding, context } = codeact;
  if (!binding) {
    return null;
  }
  return (
    <div
      className="jp-CodeAct-chips"
      role="group"
      aria-label={trans.__('What the model is shown')}
    >
      <Chip
        label={fileName(binding.path)}
        shown={context.notebook}
        about={trans.__('The cells of the notebook and their last outputs')}
        onToggle={notebook => {
          codeact.context = { ...codeact.context, notebook };
        }}
      />
      <Chip
        label={trans.__('Variables')}
        shown={context.variables}
        about={trans.__('The names, types and first rows of what is in memory')}
        onToggle={variables => {
          codeact.context = { ...codeact.context, variables };
        }}
      />
    </div>
  );
}

function Chip(props: {
  label: string;
  shown: boolean;
  /** What is shown, in words. */
  about: string;
  onToggle: (shown: boolean) => void;
}): JSX.Element {
  const { trans } = useServices();
  const { about, label, shown, onToggle } = props;
  const Icon = shown ? shownIcon.react : hiddenIcon.react;
  return (
    <button
      type="button"
      className="jp-CodeAct-chip"
      aria-label={trans.__('Show the model: %1', label)}
      aria-pressed={shown}
      title={shown ? about : trans.__('%1: not shown to the model', about)}
      onClick={() => onToggle(!shown)}
    >
      <span className="jp-CodeAct-chipLabel">{label}</span>
      <Icon tag="span" width="14px" height="14px" />
    </button>
  );
}

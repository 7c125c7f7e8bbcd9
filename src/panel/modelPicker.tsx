import { settingsIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { IChoice } from '../connections';
import { useServices } from './services';
import { visible } from './words';

/** What answers the conversation, chosen among the connections, and the way to them. */
export function ModelPicker(): JSX.Element {
  const { codeact, panel, trans } = useServices();
  const model = codeact.status?.model;
  const choices = model?.choices ?? [];
  const answering = codeact.answering;
  const shown = panel.view === 'connect';
  return (
    <>
      <select
        className={`jp-CodeAct-model${model?.ready ? '' : ' jp-mod-problem'}`}
        aria-label={trans.__('Model of this conversation')}
        title={titleOf()}
        disabled={model?.fixed || choices.length === 0}
        value={answering?.name ?? ''}
        onChange={event => codeact.choose(event.target.value)}
      >
        {!answering && (
          <option value="">
            {visible(model?.name ?? '') || trans.__('No model')}
          </option>
        )}
        {choices.map(choice => (
          <option key={choice.name} value={choice.name}>
            {labelOf(choice, choices, trans)}
          </option>
        ))}
      </select>
      <button
        type="button"
        className={`jp-CodeAct-iconButton${shown ? ' jp-mod-on' : ''}`}
        aria-label={trans.__('Connections')}
        aria-pressed={shown}
        title={trans.__('Connections')}
        onClick={() => {
          panel.view = shown ? 'conversation' : 'connect';
        }}
      >
        <settingsIcon.react tag="span" />
      </button>
    </>
  );

  function titleOf(): string {
    if (model?.problem) {
      return visible(model.problem);
    }
    if (model?.fixed) {
      return trans.__('Set by the administrator');
    }
    return answering && !answering.offline
      ? trans.__('Answers this conversation: %1', visible(answering.name))
      : trans.__('What answers this conversation');
  }
}

/** The model's name; with the connection's where two offer a model of that name. */
export function labelOf(
  choice: IChoice,
  choices: IChoice[],
  trans: TranslationBundle
): string {
  if (choice.offline) {
    return trans.__('Offline analyst');
  }
  const same = choices.filter(({ model }) => model === choice.model).length;
  const name = visible(choice.model);
  return same > 1 ? `${name} \u00b7 ${visible(choice.name)}` : name;
}

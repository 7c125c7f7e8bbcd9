import * as React from 'react';

import { codeactIcon } from './icons';
import { useServices } from './services';
import { visible } from './words';

/** What stands where no conversation is yet: who answers, and what could be asked. */
export function FirstRun(): JSX.Element {
  const { codeact, panel, trans } = useServices();
  const model = codeact.status?.model;
  const answering = codeact.answering;
  const offline = answering?.offline ?? model?.offline ?? false;
  const alone = (model?.choices.length ?? 0) <= 1;
  return (
    <div className="jp-CodeAct-firstRun">
      <codeactIcon.react tag="span" width="32px" height="32px" />
      <p>
        {trans.__(
          'Ask about your data: cells are written and run in your notebook, and their outputs decide what comes next.'
        )}
      </p>
      {offline && (
        <>
          <p className="jp-CodeAct-quiet">
            {alone
              ? trans.__(
                  'No model is connected, so the built-in offline analyst answers: it profiles, plots and compares tables by fixed rules.'
                )
              : trans.__(
                  'The built-in offline analyst answers: it profiles, plots and compares tables by fixed rules.'
                )}
          </p>
          <button
            type="button"
            className="jp-CodeAct-button jp-mod-styled jp-mod-accept"
            onClick={() => {
              panel.view = 'connect';
            }}
          >
            {trans.__('Connect a model')}
          </button>
        </>
      )}
      {model && !offline && (
        <p className="jp-CodeAct-quiet">
          {model.ready
            ? trans.__('%1 answers.', visible(answering?.model ?? model.name))
            : visible(model.problem)}
        </p>
      )}
      <Suggestions />
    </div>
  );
}

function Suggestions(): JSX.Element {
  const { codeact, panel, trans } = useServices();
  const suggestions = codeact.binding
    ? [
        trans.__('What data is here?'),
        trans.__('Profile the data in this folder'),
        trans.__('Plot the main trend')
      ]
    : [
        trans.__('What data is here?'),
        trans.__('Profile the data in this folder'),
        trans.__('Show what is missing in the data')
      ];
  return (
    <ul className="jp-CodeAct-suggestions" aria-label={trans.__('Suggestions')}>
      {suggestions.map(suggestion => (
        <li key={suggestion}>
          <button
            type="button"
            disabled={Boolean(codeact.problem)}
            onClick={() => {
              panel.draft = suggestion;
              panel.focusComposer();
            }}
          >
            {suggestion}
          </button>
        </li>
      ))}
    </ul>
  );
}

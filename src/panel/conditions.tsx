import * as React from 'react';

import type { IConversationModel } from '../tokens';
import { useChanges, useCommand } from './hooks';
import { Problem } from './problem';
import { useServices } from './services';
import { problemOf, visible } from './words';

/** What keeps the conversation from going on as usual, as long as it does, and what can be done about it. */
export function Conditions(props: {
  model: IConversationModel;
}): JSX.Element | null {
  const { model } = props;
  const { trans } = useServices();
  useChanges(model.liveChanged);
  return (
    <>
      {model.loginUrl && <LoggedOut url={model.loginUrl} />}
      <Problem name={trans.__('Read only')} text={visible(model.readOnly)} />
      {model.unwritten && <Unwritten model={model} />}
      <Problem name={trans.__('Not saved')} text={visible(model.unsaved)} />
    </>
  );
}

/** The cells with their outputs are in the journal, whatever became of the notebook. */
function Unwritten(props: { model: IConversationModel }): JSX.Element {
  const { id, unwritten } = props.model;
  const { codeact, trans } = useServices();
  const { busy, problem, run } = useCommand(problemOf);
  return (
    <>
      <Problem name={trans.__('Not in the notebook')} text={visible(unwritten)}>
        <button
          type="button"
          className="jp-CodeAct-textButton"
          disabled={busy}
          onClick={() => void run(() => codeact.history.download(id, 'ipynb'))}
        >
          {trans.__('Save the cells as a notebook')}
        </button>
      </Problem>
      <Problem text={problem} />
    </>
  );
}

function LoggedOut(props: { url: string }): JSX.Element {
  const { trans } = useServices();
  return (
    <Problem
      name={trans.__('Logged out')}
      text={trans.__(
        'The server does not know you any more. Log in again, and this page goes on by itself. A run goes on meanwhile.'
      )}
    >
      <a
        className="jp-CodeAct-textButton"
        href={props.url}
        target="_blank"
        rel="noopener noreferrer"
      >
        {trans.__('Log in')}
      </a>
    </Problem>
  );
}

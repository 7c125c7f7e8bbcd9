import * as React from 'react';

import type { IConversationModel } from '../tokens';
import { useChanges, useCommand } from './hooks';
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
      {model.readOnly && (
        <Condition name={trans.__('Read only')} detail={model.readOnly} />
      )}
      {model.unwritten && (
        <Condition
          name={trans.__('Not in the notebook')}
          detail={model.unwritten}
        >
          <SaveCopy id={model.id} />
        </Condition>
      )}
      {model.unsaved && (
        <Condition name={trans.__('Not saved')} detail={model.unsaved} />
      )}
    </>
  );
}

function Condition(props: {
  name: string;
  detail: string;
  children?: React.ReactNode;
}): JSX.Element {
  return (
    <p className="jp-CodeAct-problem" role="alert">
      <strong>{props.name}</strong>: {visible(props.detail)}
      {props.children && <> {props.children}</>}
    </p>
  );
}

/** The cells with their outputs are in the journal, whatever became of the notebook. */
function SaveCopy(props: { id: string }): JSX.Element {
  const { codeact, trans } = useServices();
  const { busy, problem, run } = useCommand(problemOf);
  return (
    <>
      <button
        type="button"
        className="jp-CodeAct-textButton"
        disabled={busy}
        onClick={() =>
          void run(() => codeact.history.download(props.id, 'ipynb'))
        }
      >
        {trans.__('Save the cells as a notebook')}
      </button>
      {problem}
    </>
  );
}

function LoggedOut(props: { url: string }): JSX.Element {
  const { trans } = useServices();
  return (
    <Condition
      name={trans.__('Logged out')}
      detail={trans.__(
        'The server does not know you any more. Log in again, and this page goes on by itself; so does a run.'
      )}
    >
      <a href={props.url} target="_blank" rel="noopener noreferrer">
        {trans.__('Log in')}
      </a>
    </Condition>
  );
}

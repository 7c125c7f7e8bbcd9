import { editIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { isLive } from '../client/conversations';
import type { Message } from '../events';
import type { IConversationModel } from '../tokens';
import { useCommand, useReadOut } from './hooks';
import { Problem } from './problem';
import { SentChips } from './sentChips';
import { useServices } from './services';
import { problemOf, visible } from './words';

/** What the user said and what went with it, and the way to say it otherwise: in a branch that goes on from before it. */
export function MessageItem(props: {
  message: Message;
  model: IConversationModel;
}): JSX.Element {
  const { message, model } = props;
  const { codeact, panel, trans } = useServices();
  const live = useReadOut(model.liveChanged, () => isLive(model));
  const { busy, problem, run } = useCommand(problemOf);
  const branch = async () => {
    if (await run(() => codeact.history.branch(model.id, message.seq))) {
      panel.compose(message.text);
    }
  };
  return (
    <div className="jp-CodeAct-messageRow">
      <button
        type="button"
        className="jp-CodeAct-iconButton jp-CodeAct-branch"
        aria-label={trans.__('Edit and branch')}
        disabled={live || busy}
        title={
          live
            ? trans.__('Edit and branch: stop the run first')
            : trans.__('Edit and branch: a new conversation from here')
        }
        onClick={() => void branch()}
      >
        <editIcon.react tag="span" />
      </button>
      <div className="jp-CodeAct-message">
        <span className="jp-CodeAct-hidden">{trans.__('You:')}</span>
        {visible(message.text)}
      </div>
      <SentChips message={message} />
      <Problem text={problem} />
    </div>
  );
}

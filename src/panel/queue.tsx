import { closeIcon, editIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { queued } from '../client/queue';
import type { Message } from '../events';
import type { IConversationModel } from '../tokens';
import { useChanges, useCommand } from './hooks';
import { IconButton } from './iconButton';
import { Problem } from './problem';
import { useServices } from './services';
import { problemOf, visible } from './words';

/** A message that is being changed, and what it is to say. */
interface IEdit {
  message: Message;
  text: string;
}

/** The messages that were sent during a run and wait to be told at its next step; until then they can be changed. */
export function Queue(props: { model: IConversationModel }): JSX.Element {
  const { model } = props;
  const { panel, trans } = useServices();
  useChanges(model.stateChanged);
  useChanges(model.liveChanged);
  const waiting = queued(model.state, model.activity);
  const [edit, setEdit] = React.useState<IEdit | null>(null);
  const [late, setLate] = React.useState(false);
  const { busy, problem, run } = useCommand(problemOf);
  const isEdited = ({ message_id }: Message) =>
    message_id === edit?.message.message_id;
  const isGone = edit !== null && !waiting.some(isEdited);
  React.useEffect(() => {
    if (isGone && edit) {
      setEdit(null);
      rescue(edit);
    }
  }, [isGone]);
  /** What was written and came too late stands in the composer, and is not lost. */
  const rescue = ({ message, text }: IEdit) => {
    if (text.trim() && text.trim() !== message.text) {
      setLate(true);
      panel.compose(text.trim());
    }
  };
  const save = async (wanted: IEdit) => {
    const { message_id } = wanted.message;
    const text = wanted.text.trim();
    setEdit(null);
    if (text !== wanted.message.text && text) {
      setLate(false);
      if (!(await run(() => model.revise(message_id, text)))) {
        rescue(wanted);
      }
    }
  };
  return (
    <>
      {waiting.length > 0 && (
        <section
          className="jp-CodeAct-queue"
          aria-label={trans.__('Queued messages')}
        >
          <p className="jp-CodeAct-hint" role="status">
            {trans.__('Will be told at the next step')}
          </p>
          <ul className="jp-CodeAct-rows">
            {waiting.map(message => (
              <li key={message.message_id} className="jp-CodeAct-queued">
                {edit && isEdited(message) ? (
                  <Editor
                    text={edit.text}
                    onText={text => setEdit({ message: edit.message, text })}
                    onSave={() => void save(edit)}
                    onCancel={() => setEdit(null)}
                  />
                ) : (
                  <Waiting
                    message={message}
                    busy={busy}
                    onEdit={() => setEdit({ message, text: message.text })}
                    onDrop={() =>
                      void run(() => model.withdraw(message.message_id))
                    }
                  />
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      <Problem text={problem} />
      {late && (
        <p className="jp-CodeAct-hint" role="status">
          {trans.__(
            'Your change came too late: the model was told already. It stands in the message box, to be sent as a message of its own.'
          )}
        </p>
      )}
    </>
  );
}

function Waiting(props: {
  message: Message;
  busy: boolean;
  onEdit: () => void;
  onDrop: () => void;
}): JSX.Element {
  const { trans } = useServices();
  const text = visible(props.message.text);
  const short = text.split('\n')[0].slice(0, 60);
  return (
    <>
      <span className="jp-CodeAct-queuedText" title={text}>
        {text}
      </span>
      <IconButton
        icon={editIcon}
        label={trans.__('Edit "%1"', short)}
        title={trans.__('Edit')}
        disabled={props.busy}
        onClick={props.onEdit}
      />
      <IconButton
        icon={closeIcon}
        label={trans.__('Take back "%1"', short)}
        title={trans.__('Take back')}
        disabled={props.busy}
        onClick={props.onDrop}
      />
    </>
  );
}

/** Where a message that waits is changed: Enter saves, Shift + Enter breaks the line, Escape leaves it as it was. */
function Editor(props: {
  text: string;
  onText: (text: string) => void;
  onSave: () => void;
  onCancel: () => void;
}): JSX.Element {
  const { trans } = useServices();
  const input = React.useRef<HTMLTextAreaElement>(null);
  React.useEffect(() => input.current?.focus(), []);
  return (
    <>
      <textarea
        ref={input}
        className="jp-CodeAct-input jp-CodeAct-queuedEditor"
        rows={2}
        aria-label={trans.__('Queued message')}
        value={props.text}
        onChange={event => props.onText(event.target.value)}
        onKeyDown={event => {
          const { isComposing } = event.nativeEvent;
          if (event.key === 'Enter' && !event.shiftKey && !isComposing) {
            event.preventDefault();
            props.onSave();
          } else if (event.key === 'Escape') {
            event.stopPropagation();
            props.onCancel();
          }
        }}
      />
      <div className="jp-CodeAct-buttons">
        <button
          type="button"
          className="jp-CodeAct-button jp-mod-styled jp-mod-accept"
          disabled={!props.text.trim()}
          onClick={props.onSave}
        >
          {trans.__('Save')}
        </button>
        <button
          type="button"
          className="jp-CodeAct-button"
          onClick={props.onCancel}
        >
          {trans.__('Cancel')}
        </button>
      </div>
    </>
  );
}

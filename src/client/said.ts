import type { Message, MessageRevised, State, UserMessage } from '../events';

const TITLE_CHARS = 60;

/** What Python's `str.split` takes for white space; `\s` differs in a few characters. */
const WHITE_SPACE =
  // eslint-disable-next-line no-control-regex
  /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** The title that a conversation has from its first message. */
export function titleOf(text: string): string {
  const words = text.split(WHITE_SPACE).filter(word => word !== '');
  return Array.from(words.join(' ')).slice(0, TITLE_CHARS).join('');
}

/** What the user said, and what went with it. */
export function messageOf(event: UserMessage): Message {
  const { attachments, context, message_id, seq, text } = event;
  return {
    seq,
    message_id,
    text,
    active_cell_id: context.active_cell_id,
    withdrawn: false,
    notebook: context.cells.some(({ source }) => source) ? context.path : '',
    variables: context.variables?.length ?? 0, // older journals lack them
    attachments: attachments.map(({ kind, name, mime, data }) => ({
      kind,
      name,
      mime,
      data
    }))
  };
}

/** A message that no reply has answered to is another object from now on; nothing else is changed. */
export function revise(state: State, event: MessageRevised): void {
  const last = state.steps[state.steps.length - 1];
  const seen = last ? last.seen_seq || last.seq : 0;
  state.messages.forEach((message, index) => {
    if (message.message_id === event.message_id && message.seq > seen) {
      const withdrawn = message.withdrawn || event.withdrawn;
      const text = event.withdrawn ? message.text : event.text;
      state.messages[index] = { ...message, text, withdrawn };
    }
  });
}

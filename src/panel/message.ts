import * as React from 'react';

import type { IAttached } from './attached';
import { sentOf } from './attached';
import type { Row } from './completion';
import { useCommand } from './hooks';
import { ofMention } from './intake';
import { addAttached } from './intaking';
import type { IQuery } from './mentions';
import { named } from './mentions';
import { Recall } from './recall';
import { useServices } from './services';
import { askedFor } from './slash';
import { carryOut, isSlash } from './slashActions';
import { problemOf } from './words';

type Box = React.RefObject<HTMLTextAreaElement>;

/** Where the caret is in the text box; null where text is selected or the focus is elsewhere. */
export function caretOf(box: HTMLTextAreaElement | null): number | null {
  return box &&
    document.activeElement === box &&
    box.selectionStart === box.selectionEnd
    ? box.selectionStart
    : null;
}

/** What becomes of what is written: it is sent, or a command is carried out. */
export function useMessage(input: Box): {
  busy: boolean;
  /** Why it was not sent. */
  problem: string;
  /** What a command has to say. */
  notice: string;
  submit: () => Promise<void>;
  /** What is offered is taken with `key`: Tab only completes a command. */
  choose: (row: Row, query: IQuery | null, key: string) => void;
} {
  const services = useServices();
  const { codeact, panel, trans } = services;
  const { busy, problem, run } = useCommand(problemOf);
  const [notice, setNotice] = React.useState('');
  /** What was taken for a command, and may be sent as it is. */
  const doubted = React.useRef('');

  const send = async (text: string) => {
    const { draft } = panel;
    let attached: readonly IAttached[] = [];
    panel.draft = '';
    const sent = await run(async () => {
      await panel.adding;
      attached = panel.attached;
      panel.attached = [];
      await codeact.send(text, sentOf(attached));
    });
    if (!sent) {
      panel.draft = panel.draft || draft;
      panel.attached = panel.attached.length > 0 ? panel.attached : attached;
    }
    input.current?.focus();
  };

  const command = async (text: string) => {
    const asked = askedFor(text);
    const box = input.current;
    if (!asked || !box) {
      return;
    }
    const { draft } = panel;
    panel.draft = '';
    const done = await run(async () => {
      const fail = (error: unknown) => setNotice(problemOf(error));
      const { done, words } = await carryOut(asked, services, box, fail);
      setNotice(words);
      if (!done) {
        panel.draft = panel.draft || draft;
      }
    });
    if (!done) {
      panel.draft = panel.draft || draft;
    }
  };

  const submit = async () => {
    const text = panel.draft.trim();
    if (busy || codeact.problem) {
      return;
    }
    if (!text) {
      setNotice(
        panel.attached.length > 0
          ? trans.__('Write a message to go with it.')
          : ''
      );
      return;
    }
    setNotice('');
    const asked = askedFor(text);
    if (asked && isSlash(asked, services)) {
      return command(text);
    }
    if (asked && doubted.current !== text) {
      doubted.current = text;
      setNotice(
        trans.__(
          'There is no command /%1. To send this as a message, press Enter again.',
          asked.name
        )
      );
      return;
    }
    doubted.current = '';
    await send(text);
  };

  const choose = (row: Row, query: IQuery | null, key: string) => {
    setNotice('');
    if (row.kind === 'slash' && key === 'Tab') {
      panel.draft = `/${row.slash.name} `;
      place(input, panel.draft.length);
    } else if (row.kind === 'slash') {
      void command(`/${row.slash.name}`);
    } else if (query) {
      const { text, caret } = named(panel.draft, query, row.mention.name);
      panel.draft = text;
      place(input, caret);
      addAttached(Promise.all([ofMention(row.mention, services)]), services);
    }
  };
  return { busy, problem, notice, submit, choose };
}

/** Up and Down in the text box bring back what was sent before; the answer is whether a key did. */
export function useRecall(input: Box): (event: React.KeyboardEvent) => boolean {
  const { codeact, panel } = useServices();
  const recall = React.useRef(new Recall());
  return ({ key, altKey, ctrlKey, metaKey, shiftKey }) => {
    const step = key === 'ArrowUp' ? -1 : key === 'ArrowDown' ? 1 : null;
    if (step === null || altKey || ctrlKey || metaKey || shiftKey) {
      return false;
    }
    const sent = (codeact.current?.state.messages ?? []).map(
      ({ text }) => text
    );
    const caret = caretOf(input.current);
    const text = recall.current.move(step, sent, panel.draft, caret);
    if (text === null) {
      return false;
    }
    panel.draft = text;
    place(input, step === -1 ? 0 : text.length);
    return true;
  };
}

/** The caret is there as soon as the text box has its new text. */
function place(input: Box, caret: number): void {
  queueMicrotask(() => {
    input.current?.focus();
    input.current?.setSelectionRange(caret, caret);
  });
}

import { stopIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { openRun } from '../client/fold';
import { AttachedChips } from './attachedChips';
import type { ICompletion, Row } from './completion';
import { useCompletion } from './completion';
import { CompletionMenu, MENU_ID, rowId } from './completionMenu';
import { ComposerHelp } from './composerHelp';
import { ContextChips } from './contextChips';
import { useChanges, useCommand, useValue } from './hooks';
import { useIntake } from './intaking';
import { caretOf, useMessage, useRecall } from './message';
import { usePlaceholder } from './placeholder';
import { Problem } from './problem';
import { money } from './runFacts';
import { useServices } from './services';
import { count, problemOf } from './words';

/** The id of the text box, for the skip link. */
export const COMPOSER_ID = 'jp-CodeAct-composer';

/** Where the user writes; with a live run, also where it is stopped. */
export function Composer(props: {
  live: boolean;
  stopping: boolean;
  onStop: () => void;
}): JSX.Element {
  const { codeact, panel, trans } = useServices();
  const draft = useValue(panel.changed, () => panel.draft);
  const node = React.useRef<HTMLDivElement>(null);
  const input = React.useRef<HTMLTextAreaElement>(null);
  const { busy, problem, notice, submit, choose } = useMessage(input);
  const [caret, setCaret] = React.useState<number | null>(null);
  const completion = useCompletion(draft, caret);
  const onRecall = useRecall(input);
  const { onPaste, over } = useIntake(node);
  const track = () => setCaret(caretOf(input.current));
  useHeightOfText(input, draft);
  React.useEffect(() => {
    if (panel.takeFocus()) {
      input.current?.focus();
    }
  });
  const take = (row: Row, key = 'Enter') => {
    choose(row, completion.query, key);
    queueMicrotask(track); // what is offered is for where the caret is now
  };
  const unavailable = codeact.problem;
  return (
    <div
      ref={node}
      className={`jp-CodeAct-composer${over ? ' jp-mod-dropTarget' : ''}`}
    >
      <Problem text={unavailable || problem}>
        {unavailable && (
          <button
            type="button"
            className="jp-CodeAct-textButton"
            onClick={() => void codeact.refreshStatus()}
          >
            {trans.__('Look again')}
          </button>
        )}
      </Problem>
      {panel.help && <ComposerHelp />}
      <ContextChips />
      <AttachedChips />
      <p role="status" className="jp-CodeAct-notice">
        {notice}
      </p>
      <div className="jp-CodeAct-box">
        <CompletionMenu completion={completion} onChoose={take} />
        <textarea
          id={COMPOSER_ID}
          ref={input}
          rows={2}
          aria-label={trans.__('Message')}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={completion.active >= 0 ? MENU_ID : undefined}
          aria-activedescendant={
            completion.active >= 0 ? rowId(completion.active) : undefined
          }
          placeholder={usePlaceholder(props.live)}
          disabled={Boolean(unavailable)}
          value={draft}
          onChange={event => {
            panel.draft = event.target.value;
            track();
          }}
          onSelect={track}
          onBlur={() => setCaret(null)}
          onFocus={track}
          onPaste={onPaste}
          onKeyDown={event => {
            const { key, shiftKey } = event;
            if (composes(event)) {
              return;
            }
            if (onMenuKey(event, completion, take) || onRecall(event)) {
              event.preventDefault();
              event.stopPropagation();
            } else if (key === 'Enter' && !shiftKey) {
              event.preventDefault();
              void submit();
            }
          }}
        />
        <div className="jp-CodeAct-boxRow">
          <Tokens />
          {props.live && (
            <button
              type="button"
              className="jp-CodeAct-button jp-mod-stop"
              disabled={props.stopping}
              onClick={() => {
                props.onStop();
                input.current?.focus(); // the button will be gone
              }}
            >
              <stopIcon.react tag="span" width="14px" height="14px" />
              {props.stopping ? trans.__('Stopping \u2026') : trans.__('Stop')}
            </button>
          )}
          <button
            type="button"
            className="jp-CodeAct-button jp-mod-styled jp-mod-accept"
            disabled={!draft.trim() || busy || Boolean(unavailable)}
            title={trans.__('Send (Enter; Shift + Enter for a new line)')}
            onClick={() => void submit()}
          >
            {busy ? trans.__('Sending \u2026') : trans.__('Send')}
          </button>
        </div>
      </div>
    </div>
  );
}

/** Whether an input method composes: its keys are not ours. */
function composes({ nativeEvent }: React.KeyboardEvent): boolean {
  // 229 is what browsers report for keys that an input method has taken.
  return nativeEvent.isComposing || nativeEvent.keyCode === 229;
}

/** Whether the key was one of the menu's. */
function onMenuKey(
  { key, shiftKey }: React.KeyboardEvent,
  completion: ICompletion,
  take: (row: Row, key: string) => void
): boolean {
  const { active, open, rows } = completion;
  if (key === 'Escape' && open) {
    completion.close();
    return true;
  }
  if (active < 0) {
    return false;
  }
  if (key === 'ArrowDown' || key === 'ArrowUp') {
    completion.point(active + (key === 'ArrowDown' ? 1 : -1));
    return true;
  }
  if ((key === 'Enter' || key === 'Tab') && !shiftKey) {
    take(rows[active], key);
    return true;
  }
  return false;
}

/** The text box is as high as its text, within what the style sheet allows. */
function useHeightOfText(
  input: React.RefObject<HTMLTextAreaElement>,
  text: string
): void {
  const fit = React.useCallback(() => {
    const node = input.current;
    if (node) {
      node.style.height = 'auto';
      node.style.height = text ? `${node.scrollHeight}px` : '';
    }
  }, [text]);
  React.useLayoutEffect(fit, [fit]);
  React.useEffect(() => {
    const box = input.current?.parentElement;
    if (!box || !('ResizeObserver' in window)) {
      return;
    }
    const observer = new ResizeObserver(fit);
    observer.observe(box);
    return () => observer.disconnect();
  }, [fit, input]);
}

/** What the conversation has used so far: tokens and, where a price is known, money. */
function Tokens(): JSX.Element {
  const { codeact, trans } = useServices();
  const state = codeact.current?.state;
  const tokens = state
    ? state.usage.prompt_tokens + state.usage.completion_tokens
    : 0;
  const about = state?.usage.estimated ? '~' : '';
  const cost = state?.cost ?? null;
  const shown = trans.__('%1 tokens', about + count(tokens));
  return (
    <span className="jp-CodeAct-tokens">
      {tokens > 0 &&
        (cost === null ? shown : `${shown}, ${about}${money(cost)}`)}
    </span>
  );
}

/** Whether somebody works on the conversation that is shown, and how to stop it. */
export function useRun(): {
  live: boolean;
  stopping: boolean;
  problem: string;
  stop: () => void;
} {
  const { codeact } = useServices();
  const model = codeact.current;
  useChanges(model?.stateChanged);
  useChanges(model?.liveChanged);
  const { busy, problem, run } = useCommand(problemOf);
  const open = model ? openRun(model.state) : null;
  const live = open !== null && model?.activity?.state !== 'idle';
  return {
    live,
    stopping: live && (busy || open.stop_requested),
    problem,
    stop: () => void run(() => codeact.stop())
  };
}

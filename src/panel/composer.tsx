import { stopIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { openRun } from '../client/fold';
import { ContextChips } from './contextChips';
import { useChanges, useCommand, useValue } from './hooks';
import { money } from './runFacts';
import { useServices } from './services';
import { count, fileName, problemOf } from './words';

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
  const input = React.useRef<HTMLTextAreaElement>(null);
  const { busy, problem, run } = useCommand(problemOf);
  useHeightOfText(input, draft);
  React.useEffect(() => {
    if (panel.takeFocus()) {
      input.current?.focus();
    }
  });
  const unavailable = codeact.problem;
  const text = draft.trim();
  const send = async () => {
    if (!text || busy || unavailable) {
      return;
    }
    panel.draft = '';
    if (!(await run(() => codeact.send(text)))) {
      panel.draft = panel.draft || draft;
    }
    input.current?.focus();
  };
  return (
    <div className="jp-CodeAct-composer">
      {(unavailable || problem) && (
        <p className="jp-CodeAct-problem" role="alert">
          {unavailable || problem}{' '}
          {unavailable && (
            <button
              type="button"
              className="jp-CodeAct-textButton"
              onClick={() => void codeact.refreshStatus()}
            >
              {trans.__('Look again')}
            </button>
          )}
        </p>
      )}
      <ContextChips />
      <div className="jp-CodeAct-box">
        <textarea
          id={COMPOSER_ID}
          ref={input}
          rows={2}
          aria-label={trans.__('Message')}
          placeholder={usePlaceholder(props.live)}
          disabled={Boolean(unavailable)}
          value={draft}
          onChange={event => {
            panel.draft = event.target.value;
          }}
          onKeyDown={event => {
            if (sends(event)) {
              event.preventDefault();
              void send();
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
              onClick={props.onStop}
            >
              <stopIcon.react tag="span" width="14px" height="14px" />
              {props.stopping ? trans.__('Stopping \u2026') : trans.__('Stop')}
            </button>
          )}
          <button
            type="button"
            className="jp-CodeAct-button jp-mod-styled jp-mod-accept"
            disabled={!text || busy || Boolean(unavailable)}
            title={trans.__('Send (Enter; Shift + Enter for a new line)')}
            onClick={() => void send()}
          >
            {busy ? trans.__('Sending \u2026') : trans.__('Send')}
          </button>
        </div>
      </div>
    </div>
  );
}

/** Whether a key press sends: Enter alone, and never while an input method composes. */
function sends(event: React.KeyboardEvent): boolean {
  const { nativeEvent } = event;
  // 229 is what browsers report for keys that an input method has taken.
  const composing = nativeEvent.isComposing || nativeEvent.keyCode === 229;
  return event.key === 'Enter' && !event.shiftKey && !composing;
}

function usePlaceholder(live: boolean): string {
  const { codeact, trans } = useServices();
  const binding = codeact.binding;
  if (live) {
    return trans.__('Tell it what to change \u2026');
  }
  return binding
    ? trans.__('Ask about %1 \u2026', fileName(binding.path))
    : trans.__('Ask; a new notebook will be made \u2026');
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
    window.addEventListener('resize', fit);
    return () => window.removeEventListener('resize', fit);
  }, [fit]);
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

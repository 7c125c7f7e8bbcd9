import { renderMarkdown } from '@jupyterlab/rendermime';
import * as React from 'react';

import { splitBlocks } from './blocks';
import { useServices } from './services';
import { readable } from './words';

/** What may begin a formula; typesetting is asked for only then, as it costs more than all the rest. */
const FORMULA = /\$|\\[([]|\\begin\{/;

/** Milliseconds between two renderings of a block that grows: half of all frames, as nobody reads faster. */
const PACE = 32;

/** The time that it takes to look for addresses in a word grows with the square of its length. */
const LONGEST_WORD = 10_000;

/** Markdown from a model, safely; what is finished is not rendered again while more arrives. */
export const Prose = React.memo(function Prose(props: {
  text: string;
  busy?: boolean;
}): JSX.Element | null {
  const blocks = splitBlocks(readable(props.text));
  return blocks.length ? (
    <div
      className="jp-CodeAct-prose jp-RenderedHTMLCommon jp-RenderedMarkdown"
      aria-busy={props.busy}
    >
      {blocks.map((block, index) => (
        <Block key={index} text={block} />
      ))}
    </div>
  ) : null;
});

/** One top-level block of Markdown. */
const Block = React.memo(function Block(props: { text: string }): JSX.Element {
  const { rendermime, trans } = useServices();
  const host = React.useRef<HTMLDivElement>(null);
  const queue = React.useRef(new LatestOnly());
  const { text } = props;
  React.useEffect(() => {
    const node = host.current;
    if (!node) {
      return;
    }
    queue.current.add(async () => {
      if (isTooLong(text)) {
        node.textContent = `${text.slice(0, LONGEST_WORD)} ${trans.__(
          '(%1 more characters are not shown)',
          text.length - LONGEST_WORD
        )}`;
        return;
      }
      await renderMarkdown({
        host: node,
        source: text,
        trusted: false,
        sanitizer: rendermime.sanitizer,
        resolver: null,
        linkHandler: null,
        shouldTypeset: FORMULA.test(text),
        latexTypesetter: rendermime.latexTypesetter,
        markdownParser: rendermime.markdownParser
      });
      labelCode(node, trans.__('Code'));
    });
  }, [text, rendermime]);
  return <div ref={host} className="jp-CodeAct-block" />;
});

/** Whether `text` has a word that nobody wrote to be read: Markdown's search for addresses in it would stop the page. */
function isTooLong(text: string): boolean {
  return text.split(/\s+/).some(word => word.length > LONGEST_WORD);
}

/** Code that scrolls can be reached and scrolled by keyboard. */
function labelCode(node: HTMLElement, label: string): void {
  for (const pre of Array.from(node.querySelectorAll('pre'))) {
    pre.tabIndex = 0;
    pre.setAttribute('role', 'region');
    pre.setAttribute('aria-label', label);
  }
}

/** Runs jobs one after another, at a pace, and skips all but the latest that wait: an older text never wins. */
class LatestOnly {
  add(job: () => Promise<void>): void {
    this._next = job;
    if (!this._running) {
      void this._run();
    }
  }

  private async _run(): Promise<void> {
    this._running = true;
    try {
      while (this._next) {
        const early = this._started + PACE - performance.now();
        if (early > 0) {
          await new Promise(resolve => window.setTimeout(resolve, early));
        }
        const job = this._next;
        this._next = null;
        this._started = performance.now();
        await job();
      }
    } finally {
      this._running = false;
    }
  }

  private _next: (() => Promise<void>) | null = null;
  private _running = false;
  private _started = -PACE;
}

import { renderMarkdown } from '@jupyterlab/rendermime';
import * as React from 'react';

import { splitBlocks } from './blocks';
import { useServices } from './services';

/** What may begin a formula; typesetting is asked for only then, as it costs more than all the rest. */
const FORMULA = /\$|\\[([]|\\begin\{/;

/** Markdown from a model, safely; what is finished is not rendered again while more arrives. */
export const Prose = React.memo(function Prose(props: {
  text: string;
  busy?: boolean;
}): JSX.Element | null {
  const blocks = splitBlocks(props.text);
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

/** Code that scrolls can be reached and scrolled by keyboard. */
function labelCode(node: HTMLElement, label: string): void {
  for (const pre of Array.from(node.querySelectorAll('pre'))) {
    pre.tabIndex = 0;
    pre.setAttribute('role', 'region');
    pre.setAttribute('aria-label', label);
  }
}

/** Runs jobs one after another and skips all but the latest that wait, so that an older text never wins. */
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
        const job = this._next;
        this._next = null;
        await job();
      }
    } finally {
      this._running = false;
    }
  }

  private _next: (() => Promise<void>) | null = null;
  private _running = false;
}

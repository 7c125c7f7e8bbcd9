import { renderMarkdown, RenderMimeRegistry } from '@jupyterlab/rendermime';
import { nullTranslator } from '@jupyterlab/translation';

import { safeRenderMime } from '../rendering';

const trans = nullTranslator.load('jupyter_codeact');

describe('Markdown', () => {
  const parsed: string[] = [];
  /** Answers raw HTML, as JupyterLab's parser does for HTML in Markdown, and remembers what it was given. */
  const markdownParser = {
    render: async (text: string) => {
      parsed.push(text);
      return text;
    }
  };
  const safe = safeRenderMime(
    new RenderMimeRegistry({ markdownParser }),
    trans
  );

  const render = async (source: string) => {
    const host = document.createElement('div');
    await renderMarkdown({
      host,
      source,
      trusted: false,
      sanitizer: safe.sanitizer,
      resolver: null,
      linkHandler: null,
      shouldTypeset: false,
      latexTypesetter: null,
      markdownParser: safe.markdownParser
    });
    return host;
  };

  it('passes the sanitiser before it is inserted', async () => {
    const host = await render(
      '<p>a</p><img src="https://evil.test/a.png"><b onclick="x">b</b>'
    );
    expect(host.querySelector('img, [onclick]')).toBeNull();
    expect(host.textContent).toBe('a[image]b');
  });

  it.each(['```', '~~~', '````', '``` ', '> ```', '- ~~~~', '```\t'])(
    'gives no diagram after %j to Mermaid, whose renderer fetches images',
    async mark => {
      parsed.length = 0;
      await render(`${mark}mermaid\nflowchart LR\n`);
      expect(parsed).toHaveLength(1);
      expect(parsed[0]).not.toMatch(/[`~]\s*mermaid/);
      expect(parsed[0]).toContain('flowchart LR');
    }
  );
});

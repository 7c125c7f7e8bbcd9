import type { Locator, Page } from '@playwright/test';

import { HTML } from '../../src/panel/__tests__/corpus';
import { cell } from './support/endpoint';
import { expect, test } from './support/test';

/** Markdown's own ways to run or to fetch. */
const MARKDOWN = [
  '![x](https://evil.test/a.png)',
  '![x][1]\n\n[1]: https://evil.test/a.png',
  '<https://evil.test/a>',
  '[x](javascript:window.trap=1)',
  '[x](data:text/html,<script>window.trap=1</script>)',
  '| a |\n| - |\n| ![x](https://evil.test/a.png) |',
  '$\\href{javascript:window.trap=1}{x}$',
  '# <img src=x onerror="window.trap = 1">',
  '`<img src=x onerror="window.trap = 1">`'
];

/** Puts out `payloads` in every way that a kernel has. */
function outputs(payloads: string[]): string {
  return [
    '# <img src=x onerror="window.trap = 1"> ![x](https://evil.test/a.png)',
    'from IPython.display import Javascript, display',
    `payloads = ${JSON.stringify(payloads)}`,
    'for payload in payloads:',
    '    for kind in ("text/html", "text/markdown", "text/latex", "image/svg+xml"):',
    '        display({kind: payload}, raw=True)',
    '    print(payload)',
    'display(Javascript("window.trap = 1"))',
    'raise ValueError(payloads[0])'
  ].join('\n');
}

/** What happened on the page that must not happen. */
interface IWatch {
  dialogs: string[];
  elsewhere: string[];
  opened: string[];
}

function watch(page: Page, baseURL: string): IWatch {
  const seen: IWatch = { dialogs: [], elsewhere: [], opened: [] };
  page.on('dialog', dialog => {
    seen.dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('request', request => {
    const url = request.url();
    if (!/^(data|blob):/.test(url) && !url.startsWith(`${baseURL}/`)) {
      seen.elsewhere.push(url);
    }
  });
  page.context().on('page', opened => seen.opened.push(opened.url()));
  return seen;
}

/** All that was shown has been loaded, or has failed to. */
async function settled(node: Locator): Promise<void> {
  await node
    .locator('img')
    .evaluateAll(images =>
      Promise.all(
        images.map(image => (image as HTMLImageElement).decode().catch(() => 0))
      )
    );
}

const NOTHING: IWatch = { dialogs: [], elsewhere: [], opened: [] };

test('what a model writes neither runs nor fetches from elsewhere', async ({
  baseURL,
  model,
  notebook,
  page,
  panel
}) => {
  const seen = watch(page, baseURL ?? '');
  await notebook.write(['']);
  await notebook.open();
  await panel.open();
  await panel.runWithoutAsking();
  const prose = [...MARKDOWN, ...HTML].join('\n\n');
  const code = `# ${HTML[4]}\nraise ValueError(${JSON.stringify(HTML[9])})`;
  await model.script([
    { text: cell(code, prose), chunk_chars: 400 },
    { text: `${prose}\n\nThe end.`, chunk_chars: 400 }
  ]);

  await panel.send(HTML.slice(0, 20).join('\n'));
  await expect(panel.prose.last()).toContainText('The end.');
  await panel.finished();
  await panel.cards.first().getByText('What the model saw').click();
  await settled(panel.node);

  expect(await page.evaluate(() => 'trap' in window)).toBe(false);
  expect(seen).toEqual(NOTHING);
  const targets = await panel.node
    .locator('[href]')
    .evaluateAll(nodes => nodes.map(node => node.getAttribute('href') ?? ''));
  expect(targets.filter(href => !/^(https?:|mailto:)/.test(href))).toEqual([]);
});

test('what a kernel puts out neither runs, nor fetches from elsewhere into the panel', async ({
  baseURL,
  model,
  notebook,
  page,
  panel
}) => {
  const seen = watch(page, baseURL ?? '');
  await notebook.write(['']);
  await notebook.open();
  await panel.open();
  await panel.runWithoutAsking();
  await model.script([cell(outputs([...HTML, ...MARKDOWN])), 'The end.']);

  await panel.send('Show it');
  await expect(panel.prose.last()).toContainText('The end.');
  await panel.finished();
  await expect(panel.output(0)).toContainText('ValueError');
  await settled(page.locator('body'));

  expect(await page.evaluate(() => 'trap' in window)).toBe(false);
  expect(seen.dialogs).toEqual([]);
  expect(seen.opened).toEqual([]);
  // The notebook shows remote images, as JupyterLab does with any output; the panel has nothing that could fetch.
  const sources = await panel.node.evaluate(node =>
    Array.from(node.querySelectorAll('*')).flatMap(element =>
      ['src', 'srcset', 'poster', 'background', 'style', 'data', 'xlink:href']
        .map(name => element.getAttribute(name) ?? '')
        .filter(value => value.includes('evil'))
    )
  );
  expect(sources).toEqual([]);
});

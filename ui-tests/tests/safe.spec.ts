import type { Locator, Page } from '@playwright/test';

import { HTML, MARKDOWN, TEXT } from '../../src/panel/__tests__/corpus';
import { cell } from './support/endpoint';
import { expect, test } from './support/test';

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
    'raise type(payloads[9], (ValueError,), {})(payloads[0])'
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

/** What clicks on everything inside `nodes` did: the commands that ran, and where they would have led. */
async function clickAll(
  nodes: Locator
): Promise<{ commands: string[]; targets: string[] }> {
  return nodes.evaluateAll(roots => {
    const commands: string[] = [];
    const targets: string[] = [];
    const note = (_: unknown, ran: { id: string }) => commands.push(ran.id);
    // Behind every handler of the page; no tab opens in the test.
    const stop = (event: MouseEvent) => {
      const link = (event.target as Element).closest('[href]');
      if (link && !event.defaultPrevented) {
        const { rel, target } = link as HTMLAnchorElement;
        targets.push(`${link.getAttribute('href')} ${target} ${rel}`);
      }
      event.preventDefault();
    };
    window.jupyterapp.commands.commandExecuted.connect(note);
    window.addEventListener('click', stop);
    for (const element of roots.flatMap(root =>
      Array.from(root.querySelectorAll('*'))
    )) {
      element.dispatchEvent(
        new MouseEvent('click', { bubbles: true, cancelable: true })
      );
    }
    window.removeEventListener('click', stop);
    window.jupyterapp.commands.commandExecuted.disconnect(note);
    return { commands, targets };
  });
}

const AWAY = /^(https?:\/\/|mailto:)\S+ _blank noopener noreferrer$/i;

const NOTHING: IWatch = { dialogs: [], elsewhere: [], opened: [] };

test('what a model writes neither runs nor fetches from elsewhere', async ({
  baseURL,
  begin,
  model,
  page,
  panel
}) => {
  const seen = watch(page, baseURL ?? '');
  await begin();
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
  begin,
  model,
  page,
  panel
}) => {
  const seen = watch(page, baseURL ?? '');
  await begin();
  await model.script([cell(outputs([...HTML, ...MARKDOWN])), 'The end.']);

  await panel.send('Show it');
  await expect(panel.prose.last()).toContainText('The end.');
  await panel.finished();
  await expect(panel.cards.first()).toContainText(HTML[9]);
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

test('clicks on what a model wrote or a kernel put out run no command and do not leave the page', async ({
  baseURL,
  begin,
  model,
  page,
  panel
}) => {
  const seen = watch(page, baseURL ?? '');
  await begin();
  const prose = [...MARKDOWN, ...HTML].join('\n\n');
  await model.script([
    { text: cell(outputs(HTML), prose), chunk_chars: 400 },
    { text: `${prose}\n\nThe end.`, chunk_chars: 400 }
  ]);

  await panel.send('Show it');
  await expect(panel.prose.last()).toContainText('The end.');
  await panel.finished();
  await expect(panel.cards.first()).toContainText(HTML[9]);
  const before = page.url();
  for (const nodes of [panel.prose, panel.node.locator('.jp-CodeAct-output')]) {
    const { commands, targets } = await clickAll(nodes);
    expect(commands).toEqual([]);
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter(target => !AWAY.test(target))).toEqual([]);
  }
  expect(page.url()).toBe(before);
  expect(await page.evaluate(() => 'trap' in window)).toBe(false);
  expect(seen).toEqual({ ...NOTHING, elsewhere: seen.elsewhere });
});

test('names and titles are text, and too much of anything breaks nothing', async ({
  baseURL,
  begin,
  model,
  page,
  panel,
  request,
  tmpPath
}, info) => {
  const seen = watch(page, baseURL ?? '');
  const names = ['<img src=x onerror=trap=1>', 'a\u202egnp', 'w'.repeat(180)];
  for (const [index, text] of [...names, ...TEXT].entries()) {
    const data = {
      notebook_path: `${tmpPath}/${names[index % names.length]}.ipynb`,
      kernel_id: 'none'
    };
    const made = await request.post('/jupyter-codeact/conversations', { data });
    const { conversation_id } = await made.json();
    const url = `/jupyter-codeact/conversations/${conversation_id}`;
    await request.patch(url, { data: { title: text } });
  }
  await begin();
  await page.sidebar.close('left');
  await page.sidebar.setWidth(320, 'right');
  const row = `| ${Array(60).fill('cell').join(' | ')} |`;
  const table = [row, row.replace(/cell/g, '---'), ...Array(200).fill(row)];
  const much = [
    ...TEXT,
    `${'> '.repeat(300)}deep`,
    `${'- '.repeat(300)}deep`,
    `${'*'.repeat(3000)}stars${'_'.repeat(3000)}`,
    table.join('\n'),
    '`' + 'c'.repeat(5000) + '`'
  ];
  const line = 'print("x" * 1_000_000)\nprint("\\0\\u202e\\x1b[8mhidden")';
  await model.script([
    { text: cell(line, much.join('\n\n')), chunk_chars: 2000 },
    { text: `${'y'.repeat(1_000_000)}\n\nThe end.`, chunk_chars: 50_000 }
  ]);
  await panel.composer.fill(TEXT.join('\n'));
  await panel.composer.press('Enter');
  await expect(panel.prose.last()).toContainText('The end.');
  await panel.finished();
  expect(await panel.overflow()).toBe(0);
  await page.screenshot({ path: info.outputPath('much-320.png') });

  await panel.node.getByRole('button', { name: 'History' }).click();
  await panel.node.getByLabel('All notebooks').check();
  const rows = panel.node.locator('.jp-CodeAct-row');
  await expect(rows.filter({ hasText: names[0] }).first()).toBeVisible();
  expect(await panel.overflow()).toBe(0);
  await page.screenshot({ path: info.outputPath('names-320.png') });
  expect(await page.evaluate(() => 'trap' in window)).toBe(false);
  expect(seen).toEqual(NOTHING);
});

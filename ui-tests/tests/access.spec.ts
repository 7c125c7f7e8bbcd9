import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Page, TestInfo } from '@playwright/test';

import { violations } from './support/axe';
import { cell, waitFor } from './support/endpoint';
import type { Panel } from './support/panel';
import { expect, test } from './support/test';

const STATES: {
  name: string;
  reach: (panel: Panel, page: Page) => Promise<void>;
}[] = [
  {
    name: 'ended',
    reach: async panel => {
      await panel.cards.last().getByText('What the model saw').click();
      await panel.cards
        .last()
        .getByRole('button', { name: 'Show code' })
        .click();
    }
  },
  {
    name: 'history',
    reach: async panel => {
      await panel.node.getByRole('button', { name: 'History' }).click();
      await expect(panel.node.locator('.jp-CodeAct-row').first()).toBeVisible();
    }
  },
  {
    name: 'connect',
    reach: async (panel, page) => {
      await page.evaluate(() =>
        window.jupyterapp.commands.execute('codeact:connect-model')
      );
      await expect(panel.node.locator('form')).toBeVisible();
    }
  }
];

test('axe finds nothing wrong in any state, light and dark', async ({
  begin,
  model,
  notebook,
  page,
  panel
}) => {
  await begin('ask');
  const check = async (state: string) => {
    expect(await violations(page), state).toEqual([]);
  };
  await check('empty');
  await model.script([
    {
      text: cell(
        `# ${'A slow reply. '.repeat(30)}\nrow = {}\nrow["x"]`,
        'I **look**.'
      ),
      delay: 0.05,
      chunk_chars: 6
    },
    cell(`${waitFor('go')}\nprint("| a |")`, 'Mend it:\n\n- one\n- `two`'),
    '| a | b |\n| - | - |\n| 1 | 2 |\n\nSee <https://example.org/>.'
  ]);
  await panel.send('Look');
  await expect(
    panel.node.locator('.jp-CodeAct-card.jp-mod-writing')
  ).toBeVisible();
  await check('streaming');
  const run = panel.node.getByRole('button', { name: 'Run', exact: true });
  await expect(run).toBeVisible();
  await check('proposed');
  await run.click();
  await expect(panel.mark(0, 'Failed')).toBeVisible();
  await run.click();
  await expect(panel.mark(1, 'Running')).toBeVisible();
  await check('error, and a cell that runs');
  await notebook.writeFile('go');
  await panel.finished();
  for (const { name, reach } of STATES) {
    await reach(panel, page);
    await check(name);
  }
  await page.theme.setDarkTheme();
  await check('connect, dark');
  await panel.open();
  await check('ended, dark');
});

test('the keyboard alone reaches every control and sees where it is', async ({
  begin,
  model,
  page,
  panel
}, info) => {
  await begin();
  await model.script([
    cell('row = {}\nrow["x"]'),
    cell('print("x\\n" * 90)'),
    'Done.'
  ]);
  await panel.send('Look');
  await expect(panel.summary).toHaveCount(1);
  await panel.finished();

  const wanted = await panel.node.evaluate(node =>
    Array.from(
      node.querySelectorAll<HTMLElement>('button, select, textarea, summary')
    )
      .filter(control => !control.matches(':disabled'))
      .map((control, index) => {
        control.dataset.control = String(index);
        return control.dataset.control;
      })
  );
  await panel.node.locator('.jp-CodeAct-skip').focus();
  const reached = new Set<string>();
  const hidden: string[] = [];
  for (let press = 0; press < wanted.length * 3; press += 1) {
    const at = await page.evaluate(() => {
      const active = document.activeElement as HTMLElement;
      const inside = active.closest('#jupyter-codeact-panel') !== null;
      const { outlineStyle, boxShadow } = getComputedStyle(
        active.closest('.jp-CodeAct-box') ?? active
      );
      const seen = outlineStyle !== 'none' || boxShadow !== 'none';
      const control = active.dataset.control;
      return { inside, seen, control, html: active.outerHTML.slice(0, 120) };
    });
    if (!at.inside) {
      break;
    }
    if (!at.seen && !at.html.includes('skip')) {
      hidden.push(at.html);
    }
    reached.add(at.control ?? '');
    await page.keyboard.press('Tab');
  }
  expect(wanted.filter(control => !reached.has(control ?? ''))).toEqual([]);
  expect(hidden).toEqual([]);

  await looksRight(page, panel, info);
});

/** Zoomed in, in high contrast, without motion, and from right to left it is all there. */
async function looksRight(
  page: IJupyterLabPageFixture,
  panel: Panel,
  info: TestInfo
): Promise<void> {
  await page.sidebar.close('left');
  const shoot = async (name: string) => {
    expect(await panel.overflow(), name).toBe(0);
    await page.screenshot({ path: info.outputPath(`${name}.png`) });
  };
  await page.emulateMedia({ forcedColors: 'active' });
  await shoot('forced-colors');
  await page.emulateMedia({ forcedColors: 'none', reducedMotion: 'reduce' });
  const moving = await panel.node.evaluate(
    node => node.getAnimations({ subtree: true }).length
  );
  expect(moving).toBe(0);
  await page.evaluate(() =>
    document.documentElement.setAttribute('dir', 'rtl')
  );
  await shoot('rtl');
  await page.evaluate(() => document.documentElement.removeAttribute('dir'));
  // A window of half the size is what a zoom of 200 % leaves.
  await page.setViewportSize({ width: 720, height: 450 });
  await shoot('zoom-200');
  await expect(panel.composer).toBeInViewport();
}

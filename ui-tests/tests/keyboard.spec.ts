/** The main job with the keyboard alone: no pointer is used once the notebook is open. */
import type { Page } from '@playwright/test';

import { cell } from './support/endpoint';
import { expect, test } from './support/test';

/** Whether what has the focus can be seen to have it. */
function focusIsSeen(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const active = document.activeElement as HTMLElement;
    const shown =
      active.closest('.jp-CodeAct-box, .jp-CodeAct-editor') ?? active;
    const { outlineStyle, boxShadow, borderColor } = getComputedStyle(shown);
    const marked = shown !== active && borderColor !== '';
    return outlineStyle !== 'none' || boxShadow !== 'none' || marked;
  });
}

test('open, ask, approve, reject with a note, stop, look back: by keyboard', async ({
  model,
  notebook,
  page,
  panel
}, info) => {
  await notebook.write(['mine = 1']);
  await notebook.open();
  const { keyboard } = page;
  /** Tab, or with `back` Shift + Tab, until the control called `name` has the focus; each on the way is seen. */
  const reach = async (
    role: 'button' | 'textbox',
    name: string | RegExp,
    back = false
  ) => {
    const wanted = panel.node.getByRole(role, { name, exact: true }).first();
    await expect(wanted).toBeEnabled();
    for (let press = 0; press < 60; press += 1) {
      if (await wanted.evaluate(node => node === document.activeElement)) {
        return;
      }
      await keyboard.press(back ? 'Shift+Tab' : 'Tab');
      expect(await focusIsSeen(page)).toBe(true);
    }
    throw new Error(`${name} was not reached`);
  };
  await model.script([
    cell('print("wanted")'),
    cell('print("unwanted")'),
    cell('import time\nprint("begun", flush=True)\ntime.sleep(600)'),
    'Never asked.'
  ]);

  await keyboard.press('Control+Shift+A');
  await expect(panel.composer).toBeFocused();
  await keyboard.type('Print something');
  await keyboard.press('Enter');

  await expect(panel.mark(0, 'Waits for approval')).toBeVisible();
  await expect(panel.composer).toBeFocused();
  await reach('button', 'Run', true);
  await keyboard.press('Enter');
  await expect(panel.mark(0, 'Done')).toBeVisible();
  await expect(panel.mark(1, 'Waits for approval')).toBeVisible();

  // What was pressed is gone; the focus is not lost to the page.
  expect(
    await panel.node.evaluate(node => node.contains(document.activeElement))
  ).toBe(true);
  await reach('button', 'Reject');
  await keyboard.press('Enter');
  await expect(
    panel.node.getByRole('textbox', { name: /Why not/ })
  ).toBeFocused();
  await keyboard.type('Not on a Sunday');
  await page.screenshot({ path: info.outputPath('rejecting.png') });
  await keyboard.press('Enter');
  await expect(panel.mark(1, 'Rejected')).toBeVisible();
  const [, , told] = await model.told();
  expect(told).toContain('Not on a Sunday');

  await expect(panel.mark(2, 'Waits for approval')).toBeVisible();
  expect(
    await panel.node.evaluate(node => node.contains(document.activeElement))
  ).toBe(true);
  await reach('button', 'Run');
  await keyboard.press('Space');
  await expect(panel.output(2)).toContainText('begun');
  await reach('button', 'Stop');
  await page.screenshot({ path: info.outputPath('stopping.png') });
  await keyboard.press('Enter');
  await expect(panel.end).toHaveText('Stopped by you.');
  await panel.finished();

  expect(
    await panel.node.evaluate(node => node.contains(document.activeElement))
  ).toBe(true);
  await reach('button', 'New conversation', true);
  await keyboard.press('Enter');
  await expect(panel.cards).toHaveCount(0);
  await reach('button', 'History');
  await keyboard.press('Enter');
  await reach('button', /^Print something/);
  await page.screenshot({ path: info.outputPath('history.png') });
  await keyboard.press('Enter');
  await expect(panel.cards).toHaveCount(3);
  await keyboard.press('Control+Shift+A');
  await expect(panel.composer).toBeFocused();
});

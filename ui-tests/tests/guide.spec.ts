/**
 * The scenes of the user guide, from the real page.
 *
 * With IMAGES set, their pictures become those of docs/user-guide.md: `jlpm images`. Without it the scenes are played all
 * the same, so that the guide tells what is there.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Locator, Page } from '@playwright/test';

import { cell } from './support/endpoint';
import { expect, test } from './support/test';

const DOCS = join(__dirname, '..', '..', 'docs');
const IMAGES = join(DOCS, 'images');

const LOAD = `# Load the deliveries
import pandas as pd
deliveries = pd.read_csv("deliveries.csv")
deliveries["late"].mean()`;

const RATES = `# Compare the carriers
deliveries["carrier"] = deliveries["carrier"].str.strip().str.title()
deliveries["late"] = deliveries["delivered_date"] > deliveries["promised_date"]
rates = deliveries.groupby("carrier")["late"].mean().sort_values()
rates.plot.barh(figsize=(5, 2.4), title="Share of late deliveries")
rates.round(2)`;

const CLEAN = `# Keep the result, remove the old one
import os
os.remove("old.csv")
rates.to_csv("rates.csv")`;

/** The picture `name` of the guide is what can be seen of `what` now. */
async function shoot(
  what: Locator | Page,
  name: string,
  clip?: { x: number; y: number; width: number; height: number }
): Promise<void> {
  if (process.env.IMAGES) {
    const path = join(IMAGES, `guide-${name}.png`);
    await ('goto' in what
      ? what.screenshot({ path, clip })
      : what.screenshot({ path }));
  }
}

test.describe('with no model', () => {
  test.use({ connected: false });

  test('the first look, and connecting a model', async ({
    notebook,
    page,
    panel
  }) => {
    await notebook.writeExample();
    await notebook.open();
    await panel.open();
    await page.sidebar.setWidth(400, 'right');
    await expect(
      panel.node.getByRole('button', { name: 'Connect a model' })
    ).toBeVisible();
    await shoot(panel.node, 'first-run');
    await panel.node.getByRole('button', { name: 'Connections' }).click();
    await expect(panel.node.getByLabel('Base URL')).toBeVisible();
    await shoot(panel.node, 'connect');
  });
});

test('a question, from approval to its answer', async ({
  model,
  notebook,
  page,
  panel
}) => {
  await notebook.writeExample();
  await notebook.writeFile('old.csv', 'carrier,late');
  await notebook.open();
  await page.sidebar.close('left');
  await panel.open();
  await page.sidebar.setWidth(400, 'right');
  await model.script([
    cell(LOAD, 'I load the data first.'),
    cell(RATES, 'There is no such column yet; I derive it.'),
    cell(CLEAN, 'I save what I found.'),
    'Late deliveries depend on the **carrier** more than on anything else.'
  ]);
  await panel.send('Which carriers are late, and how often?');

  const run = panel.cards.getByRole('button', { name: 'Run', exact: true });
  await expect(run).toBeVisible();
  await expect(page.locator('.jp-CodeAct-cellBar')).toBeVisible();
  await page.locator('.jp-CodeAct-cellBar').scrollIntoViewIfNeeded();
  await shoot(page, 'approval');
  await run.click();
  await expect(panel.mark(0, 'Failed')).toBeVisible();
  await run.click();
  await expect(panel.mark(1, 'Done')).toBeVisible();

  await expect(panel.cards.nth(2)).toContainText('old.csv');
  await expect(panel.cards.nth(2).getByRole('listitem')).not.toHaveCount(0);
  await shoot(panel.cards.nth(2), 'risks');
  await run.click();
  await expect(panel.prose.last()).toContainText('carrier');
  await panel.finished();
  await shoot(panel.node, 'fixed');

  const second = panel.cards.nth(1);
  await second.getByText('What the model saw').click();
  await second.evaluate(node => node.scrollIntoView({ block: 'start' }));
  await shoot(second, 'seen');
});

test('the message box, a message that waits, and the history', async ({
  model,
  notebook,
  page,
  panel
}) => {
  await notebook.writeExample();
  await notebook.open();
  await page.sidebar.close('left');
  await panel.open();
  await page.sidebar.setWidth(400, 'right');
  await panel.runWithoutAsking();
  await model.script([
    cell(LOAD.replace('["late"].mean()', '.head(2)'), 'I load the data.'),
    'There are about 2,000 deliveries of four carriers.',
    cell('import time\ntime.sleep(60)', 'I try each month in turn.')
  ]);
  await panel.send('What is in deliveries.csv?');
  await panel.finished();

  const menu = panel.node.getByRole('listbox', { name: 'Suggestions' });
  await panel.composer.focus();
  await page.keyboard.type('How late is @');
  await expect(menu.getByRole('group', { name: 'Columns' })).toBeVisible();
  await shoot(panel.node, 'mention');
  await page.keyboard.press('Escape');
  await panel.composer.fill('');
  await page.keyboard.type('/');
  await expect(menu.getByRole('option')).toHaveCount(6);
  await shoot(panel.node, 'commands');
  await page.keyboard.press('Escape');
  await panel.composer.fill('');

  await panel.send('Which months are the worst?');
  await expect(panel.mark(1, 'Running')).toBeVisible();
  await panel.composer.fill('Leave 2023 out.');
  await page.keyboard.press('Enter');
  await expect(panel.node.getByText('Leave 2023 out.')).toBeVisible();
  await shoot(panel.node, 'waiting');
  await panel.stop.click();
  await panel.finished();

  await panel.node.getByRole('button', { name: 'History' }).click();
  await expect(panel.node.locator('.jp-CodeAct-row')).toHaveCount(1);
  await shoot(panel.node, 'history');
});

test('the guide shows each of its pictures, and no picture is without it', () => {
  const text = readFileSync(join(DOCS, 'user-guide.md'), 'utf-8');
  const shown = Array.from(text.matchAll(/images\/(guide-[\w-]+\.png)/g));
  const files = readdirSync(IMAGES).filter(name => name.startsWith('guide-'));
  expect(shown.map(([, name]) => name).sort()).toEqual(files.sort());
});

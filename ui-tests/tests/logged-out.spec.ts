import type { WebSocketRoute } from '@playwright/test';

import { judge } from './support/axe';
import { expect, test } from './support/test';

test('a page that was logged out says so, leads to the login and goes on after it', async ({
  begin,
  errors,
  model,
  page,
  panel
}, info) => {
  let isKnown = true;
  const sockets: WebSocketRoute[] = [];
  await page.routeWebSocket(/\/jupyter-codeact\//, socket => {
    if (isKnown) {
      socket.connectToServer();
      sockets.push(socket);
    } else {
      void socket.close();
    }
  });
  await page.route(/\/jupyter-codeact\//, route =>
    isKnown
      ? route.fallback()
      : route.fulfill({ status: 403, json: { message: 'Forbidden' } })
  );
  await page.reload();
  await begin();
  await model.script(['One.', 'Two.']);
  await panel.send('Count');
  await expect(panel.prose.last()).toHaveText('One.');

  isKnown = false;
  await Promise.all(sockets.map(socket => socket.close()));
  const told = panel.node.getByRole('alert');
  await expect(told).toContainText('Logged out');
  const login = told.getByRole('link', { name: 'Log in' });
  await expect(login).toHaveAttribute('href', /\/login$/);
  await judge(page, panel, info)('logged out');

  isKnown = true;
  await expect(told).toHaveCount(0);
  await panel.send('And on?');
  await expect(panel.prose.last()).toHaveText('Two.');
  // What was refused meanwhile is what the story is about.
  expect(errors.filter(error => !/403/.test(error))).toEqual([]);
  errors.length = 0;
});

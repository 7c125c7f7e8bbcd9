import { act, fireEvent, render, screen } from '@testing-library/react';
import * as React from 'react';

import { Body } from '../body';
import type { IServices } from '../services';
import { ServicesProvider } from '../services';
import { row } from './connections';
import { Copilot, drawAtOnce, services } from './doubles';

const OFFLINE = { name: 'offline', model: 'analyst', offline: true };
const PICKER = 'Model of this conversation';
const NAME = '127-0-0-1-11434-qwen2-5-coder-14b';

let copilot: Copilot;
let given: IServices;

beforeAll(drawAtOnce);

beforeEach(() => {
  copilot = new Copilot();
  given = services(copilot);
  given.panel.view = 'connect';
});

const settled = () => act(async () => undefined);

async function show(): Promise<void> {
  render(
    <ServicesProvider value={given}>
      <Body />
    </ServicesProvider>
  );
  await settled();
}

const label = (name: string) =>
  screen.getByLabelText<HTMLInputElement & HTMLSelectElement>(name);

async function fill(name: string, value: string): Promise<void> {
  fireEvent.change(label(name), { target: { value } });
  await settled();
}

async function click(name: string): Promise<void> {
  fireEvent.click(screen.getByRole('button', { name }));
  await settled();
}

describe('the page of the connections', () => {
  it('checks and saves, and never shows a key', async () => {
    copilot.connections.checks = [
      { name: 'streams', level: 'warn', detail: 'buffered', action: 'Fix it.' }
    ];
    await show();
    await fill('Base URL', 'http://127.0.0.1:11434/v1');
    await fill('API key', 'canary');
    await fill('Model', 'qwen2.5-coder:14b');
    expect(label('API key')).toHaveProperty('type', 'password');
    await click('Check');
    expect(screen.getByText('Fix it.')).toBeTruthy();
    await fill('Model', 'other');
    await click('Save and use');
    const settings = {
      base_url: 'http://127.0.0.1:11434/v1',
      api_key: 'canary',
      context_tokens: null,
      vision: null,
      price: null,
      extra_body: {}
    };
    expect(copilot.calls('put')).toEqual([
      ['put', NAME, { ...settings, model: 'qwen2.5-coder:14b' }],
      ['put', NAME, { ...settings, model: 'other', chosen: true }]
    ]);
    expect(copilot.calls('choose')).toEqual([['choose', NAME]]);
    expect(given.panel.view).toBe('conversation');
    expect(document.body.innerHTML).not.toContain('canary');
  });

  it('says in one sentence what is missing', async () => {
    copilot.connections.offered.providers = [
      {
        name: 'Hosted',
        base_url: 'https://api.hosted.example/v1',
        key_page: 'https://hosted.example/keys',
        note: 'A note.'
      }
    ];
    await show();
    const missing = () => screen.getByRole('status').textContent;
    const save = screen.getByRole('button', { name: 'Save and use' });
    expect(missing()).toContain('Choose a provider');
    expect(save).toHaveProperty('disabled', true);
    await fill('Provider', 'Hosted');
    expect(label('Base URL').value).toBe('https://api.hosted.example/v1');
    expect(screen.getByText('A note.')).toBeTruthy();
    expect(missing()).toBe('The API key is missing.');
    const link = screen.getByRole('link', { name: 'Make a key at Hosted' });
    expect(link).toHaveProperty('href', 'https://hosted.example/keys');
    expect(link).toHaveProperty('rel', 'noopener noreferrer');
    await fill('API key', 'k');
    expect(missing()).toContain('The model is missing');
    await fill('Model', 'm');
    expect(missing()).toBe('');
    expect(save).toHaveProperty('disabled', false);
  });

  it('lists the models of the endpoint, and takes the first', async () => {
    copilot.connections.listed = [
      { name: 'small', context_tokens: null, vision: null },
      { name: 'big', context_tokens: 8192, vision: true }
    ];
    await show();
    await fill('Base URL', 'http://127.0.0.1:11434/v1');
    await click('List models');
    expect(label('Model').value).toBe('small');
    expect(screen.getByText('2 models')).toBeTruthy();
    const names = [...document.querySelectorAll('datalist option')];
    expect(names.map(option => option.getAttribute('value'))).toEqual([
      'small',
      'big'
    ]);
    expect(copilot.calls('put')).toEqual([]);
  });

  it('connects what was found in one click', async () => {
    const model = { name: 'qwen', context_tokens: 4096, vision: false };
    copilot.connections.offered.found = [
      {
        kind: 'LM Studio',
        base_url: 'http://127.0.0.1:1234/v1',
        models: [model, { ...model, name: 'other' }]
      },
      { kind: 'Ollama', base_url: 'http://127.0.0.1:11434/v1', models: [] }
    ];
    await show();
    expect(screen.getByText('has no model yet: load one there')).toBeTruthy();
    await fill('Model of LM Studio', 'other');
    await click('Connect LM Studio');
    const name = '127-0-0-1-1234-other';
    expect(copilot.calls('put')).toEqual([
      [
        'put',
        name,
        {
          base_url: 'http://127.0.0.1:1234/v1',
          model: 'other',
          context_tokens: 4096,
          vision: false,
          chosen: true
        }
      ]
    ]);
    expect(copilot.calls('choose')).toEqual([['choose', name]]);
    expect(given.panel.view).toBe('conversation');
  });

  it('uses, edits and removes a stored connection', async () => {
    copilot.connections.stored = [
      row({ has_key: true, header_names: ['X-Team'], context_tokens: 8192 })
    ];
    await show();
    expect(screen.getByText(/with a key · 8,192 tokens/)).toBeTruthy();
    await click('Use qwen');
    expect(copilot.calls('put')).toEqual([['put', 'mine', { chosen: true }]]);
    await click('Edit mine');
    expect(label('Base URL').value).toBe('http://127.0.0.1:11434/v1');
    expect(label('API key').value).toBe('');
    expect(screen.getByText('One is stored; leave this empty to keep it.'));
    expect(
      screen.getByText('There are X-Team; leave this empty to keep them.')
    );
    expect(label('Context length').value).toBe('8192');
    await click('Remove mine');
    expect(copilot.calls('remove connection')).toEqual([
      ['remove connection', 'mine']
    ]);
  });

  it('says why something failed, and keeps what was written', async () => {
    await show();
    await fill('Base URL', 'http://127.0.0.1:9/v1');
    copilot.failure = 'connection refused by 127.0.0.1:9; start the server';
    await click('List models');
    expect(screen.getByRole('alert').textContent).toContain('refused');
    expect(label('Base URL').value).toBe('http://127.0.0.1:9/v1');
  });

  it('offers nothing where the administrator has said who answers', async () => {
    if (copilot.status) {
      const { model } = copilot.status;
      copilot.status = { ...copilot.status, model: { ...model, fixed: true } };
    }
    await show();
    expect(
      screen.getByText('The administrator has set what answers: scripted.')
    ).toBeTruthy();
    expect(screen.queryByLabelText('Base URL')).toBeNull();
    expect(label(PICKER)).toHaveProperty('disabled', true);
  });

  it('labels every control', async () => {
    copilot.connections.stored = [row()];
    await show();
    const controls = document.querySelectorAll('input, select, button');
    expect(controls.length).toBeGreaterThan(15);
    for (const control of controls) {
      const { labels, textContent } = control as HTMLInputElement;
      expect(
        control.getAttribute('aria-label') || labels?.length || textContent
      ).toBeTruthy();
    }
  });
});

describe('the model picker', () => {
  it('chooses for the conversation, and shows what answers', async () => {
    given.panel.view = 'conversation';
    if (copilot.status) {
      const { model } = copilot.status;
      const choices = [
        { name: 'test', model: 'scripted', offline: false },
        { name: 'again', model: 'scripted', offline: false },
        OFFLINE
      ];
      copilot.status = { ...copilot.status, model: { ...model, choices } };
    }
    await show();
    expect(label(PICKER).value).toBe('test');
    const names = [...label(PICKER).options].map(each => each.textContent);
    expect(names).toEqual([
      'scripted \u00b7 test',
      'scripted \u00b7 again',
      'Offline analyst'
    ]);
    await fill(PICKER, 'offline');
    expect(copilot.calls('choose')).toEqual([['choose', 'offline']]);
    expect(label(PICKER).value).toBe('offline');
    await click('Connections');
    expect(given.panel.view).toBe('connect');
  });
});

import type { IStatus } from '../../tokens';

/** A server with one model, that of the connection `test`. */
export const STATUS: IStatus = {
  version: '1',
  model: {
    name: 'scripted',
    connection: 'test',
    ready: true,
    problem: '',
    offline: false,
    fixed: false,
    choices: [{ name: 'test', model: 'scripted', offline: false }]
  },
  approval: 'ask',
  approvals: { offline: 'auto', model: 'ask' },
  approval_floor: 'auto',
  limits: { steps: 25, seconds: null, tokens: null },
  attachments: { most: 20, file_bytes: 1000000, image_bytes: 10000000 },
  document_writer: 'browser'
};

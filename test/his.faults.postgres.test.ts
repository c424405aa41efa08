import { describe } from 'vitest'
import { faultTable } from './his-table.ts'

describe('a selection on the engine whose processes do not know of each other', () =>
  faultTable('postgres', {
    infnos: ['2304', '2305'],
    upstreams: ['answers', 'hangs', 'cut'],
    clients: ['same msgid', 'new msgid', '2601'],
  }))

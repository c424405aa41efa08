import { describe } from 'vitest'
import { CANCELLING, CLIENTS, SETTLING, UPSTREAMS } from './his-cells.ts'
import { faultTable } from './his-table.ts'

describe('every fault of the platform, every moment of a kill, every habit of a hospital', () =>
  faultTable('sqlite', { infnos: [...SETTLING, ...CANCELLING], upstreams: UPSTREAMS, clients: CLIENTS }))

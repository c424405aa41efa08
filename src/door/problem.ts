import { z } from 'zod'

export const problemSchema = z
  .strictObject({
    type: z.string().describe('address of the description of this code'),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    action: z.string().describe('收费员现在怎么办'),
    errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' })

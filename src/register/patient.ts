import { z } from 'zod'
import { isDay } from '../kernel/day.ts'
import { bornOn, checkCharacter, normaliseResidentId } from '../kernel/resident-id.ts'

/** A GB 11643 number as anybody may type it: spaces around it and a small x are mended, nothing else. */
export const residentId = z
  .string()
  .regex(/^\s*\d{17}[\dXx]\s*$/, '身份证号：17 位数字加 1 位校验码')
  .transform(normaliseResidentId)
  .refine((id) => checkCharacter(id.slice(0, 17)) === id[17], '身份证号校验码不符')
  .refine((id) => isDay(bornOn(id)), '身份证号中的出生日期不存在')

export const idType = z.enum(['resident_id']).default('resident_id')

/** How a terminal names a patient. */
export const patientSchema = z.strictObject({
  id_type: idType,
  id_number: residentId,
  name: z
    .string()
    .trim()
    .min(1, '不能为空')
    .max(60, '最多 60 个字')
    .transform((name) => name.normalize('NFC')),
})

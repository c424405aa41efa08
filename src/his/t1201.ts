import { isRefusal, refuse } from '../kernel/refusal.ts'
import { read1201 } from './requests-query.ts'
import type { MakeTransaction } from './transaction.ts'

/** 定点医疗机构; pharmacies have no terminals here. */
const MEDICAL_INSTITUTION = '1'

/** 医药机构信息: a hospital asks about itself, to see that name, level and number are the same on both sides. */
export const t1201: MakeTransaction = () => ({
  infno: '1201',
  name: '医药机构信息获取',
  async run({ terminal, directory, codes, envelope: { input } }) {
    const about = read1201(input)
    if (isRefusal(about)) return about
    const hospital = directory.hospitals.get(terminal.hospital)
    if (!hospital || (about.fixmedins_code ?? hospital.code) !== hospital.code)
      return refuse('record_not_found', '只能查询本终端所属的定点医药机构')
    const medinsinfo = {
      fixmedins_code: hospital.code,
      fixmedins_name: hospital.name,
      uscc: '',
      fixmedins_type: MEDICAL_INSTITUTION,
      hosp_lv: codes.levelCode(hospital.level),
    }
    return { output: { medinsinfo: [medinsinfo] } }
  },
})

import { isRefusal } from '../kernel/refusal.ts'
import { read5301 } from './requests-query.ts'
import type { MakeTransaction } from './transaction.ts'

/** 人员慢特病备案查询: the insurer keeps these; we know of none, and say whom to ask. */
export const t5301: MakeTransaction = () => ({
  infno: '5301',
  name: '人员慢特病备案查询',
  async run({ envelope: { input } }) {
    const asked = read5301(input)
    if (isRefusal(asked)) return asked
    return { output: { feedetail: [], exp_content: '慢特病备案由医保平台登记，请向医保平台查询' } }
  },
})

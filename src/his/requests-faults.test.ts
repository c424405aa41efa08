import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Node } from './read-node.ts'
import { fault, fee, READERS, read, settled, stmt, whose } from './requests.fixture.ts'

describe('缺了真正需要的：说出字段的中文名', () => {
  test.each<[string, Node, RegExp]>([
    ['1101', { data: { mdtrt_cert_type: '01' } }, /就诊凭证编号 mdtrt_cert_no：必填/],
    ['1901', { data: {} }, /字典类型 type：必填/],
    ['2001', {}, /输入须有对象 data 或 mdtrtinfo/],
    ['2201', { data: { begntime: '昨天' } }, /开始时间 begntime：须为日期.*/],
    [
      '2203',
      { mdtrtinfo: { psn_no: 'P1' }, diseinfo: [{ diag_name: '高血压' }] },
      /就诊ID mdtrt_id：必填；第1行 诊断代码 diag_code：必填/,
    ],
    ['2204', { feedetail: [fee] }, /第1行 收费批次号 chrg_bchno：必填/],
    ['2204', { feedetail: [] }, /费用明细 feedetail：至少一行/],
    [
      '2204',
      { feedetail: [{ ...fee, det_item_fee_sumamt: '1.005' }] },
      /第1行 明细项目费用总额 det_item_fee_sumamt：金额最多两位小数/,
    ],
    ['2205', { data: whose }, /收费批次号 chrg_bchno：必填/],
    [
      '2207',
      { data: { ...settled, medfee_sumamt: '', chrg_bchno: null, med_type: '' } },
      /医疗费总额 medfee_sumamt：必填；医疗类别 med_type：必填；收费批次号 chrg_bchno：必填/,
    ],
    ['2207', { data: { ...settled, mdtrt_id: 'M 1' } }, /就诊ID mdtrt_id：须为 1–30 个字母/],
    ['2208', { data: whose }, /结算ID setl_id：必填/],
    ['2302', { data: [] }, /至少一行/],
    ['2304', { data: { ...settled, mid_setl_flag: '3' } }, /中途结算标志 mid_setl_flag：须为 0 或 1/],
    ['2401', { mdtrtinfo: { psn_no: 'P1' } }, /开始时间 begntime：必填/],
    ['2402', { dscginfo: whose }, /结束时间 endtime：必填/],
    ['2403', { mdtrtinfo: whose }, /输入须有对象 adminfo 或 data/],
    ['2601', { data: { psn_no: 'P1', omsgid: 'X', oinfno: '结算' } }, /原交易编号 oinfno/],
    ['2601', { data: { psn_no: 'P1', omsgid: 'X', oinfno: '22' } }, /原交易编号 oinfno：须为 4 位数字/],
    [
      '3201',
      { data: { ...stmt, stmt_enddate: '2026-02-28' } },
      /stmt_enddate 2026-02-28 早于开始日期 stmt_begndate 2026-03-01/,
    ],
    ['3201', { data: { ...stmt, fixmedins_setl_cnt: '-1' } }, /定点医药机构结算笔数 fixmedins_setl_cnt：须为整数/],
    ['3203', { data: { clr_type: '11' } }, /清算年月 setlym：必填/],
    ['5203', { data: { psn_no: 'P1' } }, /至少填一项/],
    ['5206', { data: { psn_no: 'P1', cum_ym: '2026' } }, /累计年月 cum_ym：须为年月/],
    ['9101', { fsUploadIn: { in: 'x', filename: '' } }, /文件名称 filename：必填；文件数据 in：须为 Base64/],
    ['9101', { fsUploadIn: { in: [300], filename: 'a' } }, /文件数据 in/],
    ['9101', { fsUploadIn: { in: [], filename: 'a' } }, /文件数据 in/],
    ['9101', {}, /输入须有对象 fsUploadIn 或 data/],
    ['9102', { fsDownloadIn: {} }, /文件查询号 file_qury_no：必填/],
  ])('%s %j', (infno, input, expected) => {
    expect(fault(infno, input)).toMatch(/^his_input_invalid /)
    expect(fault(infno, input)).toMatch(expected)
  })

  test.each(Object.keys(READERS))('%s 遇到任何输入都有答复', (infno) => {
    const node = fc.dictionary(
      fc.constantFrom('data', 'mdtrtinfo', 'feedetail', 'diseinfo', 'fsUploadIn', 'dscginfo'),
      fc.jsonValue(),
    )
    fc.assert(fc.property(node, (input) => void read(infno, input)))
  })
})

import { describe, expect, test } from 'vitest'
import { isRefusal } from '../kernel/refusal.ts'
import type { Node } from './read-node.ts'
import { fault, fee, read, settled, stmt, whose } from './requests.fixture.ts'
import * as query from './requests-query.ts'

const OLD_ID = '654002620101000'
const NEW_ID = '654002196201010008'

describe('各交易的输入，按各家的写法', () => {
  test.each<[string, string, Node, unknown]>([
    ['9001', '签到', { signIn: { opter_no: '01', mac: 'm', ip: 'i' } }, { opter_no: '01', mac: 'm', ip: 'i' }],
    ['9001', '签到，用 data 和别的键', { data: { userid: '1', password: 'x' } }, { opter_no: null }],
    ['9002', '签退，没有节点', {}, { sign_no: null }],
    [
      '1101',
      '身份证',
      { data: { mdtrt_cert_type: '02', mdtrt_cert_no: NEW_ID, begntime: '' } },
      { mdtrt_cert_no: NEW_ID, begntime: null },
    ],
    ['1101', '只有证件号', { data: { certno: OLD_ID, psn_name: ' 古丽 ' } }, { certno: OLD_ID, psn_name: '古丽' }],
    ['1201', '机构', { medinsinfo: { fixmedins_type: '1', fixmedins_code: 'H1' } }, { fixmedins_code: 'H1' }],
    ['1201', '机构，空', {}, { fixmedins_code: null }],
    [
      '1901',
      '字典',
      {
        data: { type: 'PSN_IDET_TYPE', parentValue: '', admdvs: '654002', date: '2026-03-12 00:00:00', valiFlag: '1' },
      },
      { type: 'PSN_IDET_TYPE', date: '2026-03-12' },
    ],
    [
      '2001',
      '待遇检查',
      { data: { psn_no: 'P1', med_type: '11', begntime: '2026-03-12 10:00:00' } },
      { begntime: { day: '2026-03-12' } },
    ],
    [
      '2201',
      '挂号，广州用 mdtrtinfo',
      { mdtrtinfo: { psn_no: 'P1', begntime: '2026-03-12 10:00:00' } },
      { mdtrt_id: null, psn_no: 'P1' },
    ],
    ['2202', '撤销挂号', { data: { ...whose, ipt_otp_no: '1' } }, whose],
    [
      '2203',
      '就诊信息',
      { mdtrtinfo: { ...whose, med_type: '14' }, diseinfo: { diag_code: 'I10', diag_srt_no: '1' } },
      { med_type: '14', diseinfo: [{ diag_code: 'I10', diag_srt_no: 1, diag_name: null }] },
    ],
    [
      '2204',
      '明细',
      { feedetail: [{ ...fee, chrg_bchno: '1' }] },
      [{ det_item_fee_sumamt: -352_000, cnt: '-20', node: { pric: '176.0' } }],
    ],
    ['2205', '撤销明细', { data: { ...whose, chrg_bchno: '0000' } }, { chrg_bchno: '0000' }],
    [
      '2206',
      '预结算，金额一位小数',
      { data: { ...settled, medfee_sumamt: '69.6' } },
      { medfee_sumamt: 6960, mid_setl_flag: '0' },
    ],
    [
      '2207',
      '结算，广州',
      { mdtrtinfo: { ...settled, mid_setl_flag: '0', order_no: '' } },
      { medfee_sumamt: 32_650, chrg_bchno: '1' },
    ],
    [
      '2207',
      '结算，数字金额',
      { data: { ...settled, medfee_sumamt: 9, fulamt_ownpay_amt: 0, overlmt_selfpay: null } },
      { medfee_sumamt: 900, fulamt_ownpay_amt: 0, overlmt_selfpay: null },
    ],
    [
      '2207',
      '结算，拼错的总额',
      { data: { ...settled, medfee_sumamt: undefined, med_fee_sumamt: 9 } },
      { medfee_sumamt: 900 },
    ],
    ['2208', '撤销结算', { data: { ...whose, setl_id: '3001' } }, { setl_id: '3001' }],
    [
      '2208',
      '撤销结算，用我们的单号',
      { data: { psn_no: 'P1', setl_id: '20261101103107ABCDEFGH' } },
      { mdtrt_id: null },
    ],
    ['2301', '住院明细，负数退费', { feedetail: [fee] }, [{ cnt: '-20', init_feedetl_sn: '6', chrg_bchno: null }]],
    ['2302', '撤销住院明细是列表', { data: [{ ...whose, feedetl_sn: '0000' }] }, [{ feedetl_sn: '0000' }]],
    ['2302', '撤销住院明细不成列表', { data: { ...whose, feedetl_sn: '1' } }, [{ feedetl_sn: '1' }]],
    [
      '2304',
      '住院结算没有医疗类别',
      { data: { ...settled, med_type: undefined, chrg_bchno: undefined, mid_setl_flag: '1' } },
      { med_type: null, mid_setl_flag: '1' },
    ],
    [
      '2401',
      '入院',
      { mdtrtinfo: { psn_no: 'P1', begntime: '2026-03-01 08:00:00' } },
      { begntime: { day: '2026-03-01' }, diseinfo: [] },
    ],
    [
      '2402',
      '出院',
      { dscginfo: { ...whose, endtime: '2026-03-10 08:00:00' }, diseinfo: [] },
      { endtime: { day: '2026-03-10' } },
    ],
    ['2403', '入院变更', { adminfo: whose }, { begntime: null }],
    ['2404', '撤销入院', { data: whose }, whose],
    ['2405', '撤销出院', { data: whose }, whose],
    [
      '2601',
      '冲正',
      { data: { psn_no: 'P1', omsgid: '240510181951-H41130299901-4407', oinfno: '2304' } },
      { oinfno: '2304' },
    ],
    ['2601', '冲正，交易带后缀', { data: { psn_no: 'P1', omsgid: 'X', oinfno: '2304A' } }, { oinfno: '2304A' }],
    [
      '3201',
      '对总账，日期带时间',
      { data: stmt },
      { stmt_enddate: '2026-03-31', fixmedins_setl_cnt: 67, acct_pay: 38_823 },
    ],
    [
      '3202',
      '对明细账，拼错的现金',
      { data: { ...stmt, file_qury_no: 'F1', cashPayamt: '1.00' } },
      { cash_payamt: 100 },
    ],
    [
      '3203',
      '清算申请',
      {
        data: {
          clr_type: '11',
          setlym: '202603',
          psntime: '67',
          medfee_sumamt: 1,
          med_sumfee: 1,
          fund_appy_sum: 1,
          cash_payamt: 0,
          acct_pay: '',
          begndate: '2026-03-01',
          enddate: '2026-03-31',
        },
      },
      { setlym: '202603', acct_pay: 0 },
    ],
    ['3204', '清算撤销', { data: { clr_appy_evt_id: 'A1' } }, { clr_appy_evt_id: 'A1' }],
    ['5201', '就诊', { data: { psn_no: 'P1', begntime: '', endtime: null } }, { mdtrt_id: null }],
    ['5203', '按结算ID', { data: { ...whose, setl_id: '3001' } }, { setl_id: '3001', msgid: null }],
    ['5203', '按报文ID', { data: { psn_no: 'P1', setl_id: '', msgid: 'H654002 1' } }, { msgid: 'H654002 1' }],
    ['5204', '明细', { data: whose }, { setl_id: null }],
    ['5206', '累计', { data: { psn_no: 'P1', cum_ym: '' } }, { cum_ym: null }],
    ['5301', '慢特病备案', { data: { psn_no: 'P1' } }, { psn_no: 'P1' }],
    ['5303', '在院信息', { data: { psn_no: 'P1' } }, { psn_no: 'P1' }],
    ['9101', 'Base64', { fsUploadIn: { in: 'UEsDBA==', filename: 'a.zip' } }, { bytes: Uint8Array.of(80, 75, 3, 4) }],
    [
      '9101',
      '字节列表，Java 的负数',
      { fsUploadIn: { in: [80, -1, 255], filename: 'a.zip' } },
      { bytes: Uint8Array.of(80, 255, 255) },
    ],
    [
      '9102',
      '下载',
      { fsDownloadIn: { file_qury_no: 'F1', filename: 'a.zip', fixmedins_code: 'H1' } },
      { file_qury_no: 'F1' },
    ],
  ])('%s %s', (infno, _, input, expected) => {
    const said = read(infno, input)
    expect(fault(infno, input)).toBe('read')
    expect(said).toMatchObject(expected as object)
  })
})

describe('查询里的身份证号', () => {
  test.each<[string, Record<string, unknown>, string | null]>([
    ['证件号', { certno: NEW_ID }, NEW_ID],
    ['旧证件号', { certno: OLD_ID }, NEW_ID],
    ['凭证是身份证', { mdtrt_cert_type: '02', mdtrt_cert_no: NEW_ID }, NEW_ID],
    ['凭证是社保卡而号码是身份证', { mdtrt_cert_type: '03', mdtrt_cert_no: NEW_ID, card_sn: 'A' }, NEW_ID],
    ['电子凭证', { mdtrt_cert_type: '01', mdtrt_cert_no: NEW_ID }, null],
    ['社保卡号', { mdtrt_cert_type: '03', mdtrt_cert_no: 'F53797370' }, null],
  ])('%s', (_, data, expected) => {
    const person = query.read1101({ data })
    expect(isRefusal(person) ? person : query.residentIdIn(person)).toBe(expected)
  })
})

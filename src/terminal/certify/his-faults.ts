import { setTimeout as wait } from 'node:timers/promises'
import { cutAfterSending, cutWhileSending } from './cables.ts'
import { Skipped } from './case.ts'
import { assistedWith, cancels, infoIn, refusedWith, succeeded } from './his-check.ts'
import { SMALL_WANTED, smallBill } from './his-dialect-cases.ts'
import { type HisCase, type HisStage, heard } from './his-stage.ts'
import { townsman } from './people.ts'

const PART = 'HIS 接口 · 断线与重复'
const wantedIn = (stage: HisStage) => SMALL_WANTED[stage.reached.mode]

/** One visit ready to be settled. */
async function prepare(stage: HisStage) {
  const bill = smallBill()
  const ids = await stage.nextIds(bill.patient)
  return { bill, ids, input: stage.settling(bill, ids), msgid: stage.nextMsgid() }
}

const reverse = (stage: HisStage, psn_no: string, omsgid: string, oinfno = '2207') =>
  stage.ask('2601', { data: { psn_no, omsgid, oinfno } })

const CASES: readonly Omit<HisCase, 'part'>[] = [
  {
    id: 'H601',
    title: '2207 发送后断线：同一 msgid、同一内容再发，得到唯一结果',
    duty: '发送前把 msgid 和报文写入本地日志；没有答复就原样再发（msgid 不变），不要换 msgid，更不要发 2202。',
    async run(stage, check) {
      const { input, msgid } = await prepare(stage)
      await stage.send('2207', input, { msgid, write: cutAfterSending })
      await wait(300)
      const first = await stage.ask('2207', input, { msgid })
      assistedWith(check, first, '再发', wantedIn(stage))
      const second = await stage.ask('2207', input, { msgid })
      check.holds('第三次与第二次逐字节相同', second.text === first.text, second.text.slice(0, 200))
    },
  },
  {
    id: 'H602',
    title: '2207 发送途中断线：没有入账，再发结一次',
    duty: '同上：原样再发。',
    async run(stage, check) {
      const { input, msgid } = await prepare(stage)
      await stage.send('2207', input, { msgid, write: cutWhileSending })
      await wait(200)
      assistedWith(check, await stage.ask('2207', input, { msgid }), '再发', wantedIn(stage))
    },
  },
  {
    id: 'H603',
    title: '同一 msgid 同时提交六次：只结一笔，六个答复相同',
    duty: '收费员连点按钮时沿用同一个报文。',
    async run(stage, check) {
      const { input, msgid } = await prepare(stage)
      const all = (await Promise.all(Array.from({ length: 6 }, () => stage.send('2207', input, { msgid })))).map(
        (one) => heard(one),
      )
      check.same('不同的答复数', new Set(all.map((a) => a.text)).size, 1)
      for (const one of all.slice(0, 1)) assistedWith(check, one, '结算', wantedIn(stage))
    },
  },
  {
    id: 'H604',
    title: '换 msgid 再结同一批次：拒绝，说出原结算ID',
    duty: '收到“已经结算”按提示的结算ID 用 5203 查询，不要当作失败重新收费。',
    async run(stage, check) {
      const { bill, ids, input, msgid } = await prepare(stage)
      const first = await stage.ask('2207', input, { msgid })
      succeeded(check, first, '结算')
      const again = await stage.ask('2207', stage.settling(bill, ids))
      refusedWith(check, again, '再结', 'bill_already_settled', String(infoIn(first).setl_id))
    },
  },
  {
    id: 'H605',
    title: '两个窗口换着 msgid 同时结同一批次：一个办成，一个被拒',
    duty: '被拒的窗口按结算ID 查询原结算。',
    async run(stage, check) {
      const { bill, ids } = await prepare(stage)
      const send = () => stage.send('2207', stage.settling(bill, ids), { msgid: stage.nextMsgid() })
      const both = (await Promise.all([send(), send()])).map((one) => heard(one))
      check.same('办成的', both.filter((b) => b.infcode === '0').length, 1)
      const [no] = both.filter((b) => b.infcode !== '0')
      const codes = ['bill_already_settled', 'already_settling']
      check.holds('另一个的代码', codes.includes(no?.code ?? ''), `${no?.code} ${no?.errMsg}`)
    },
  },
  {
    id: 'H606',
    title: 'msgid 用在另一位患者身上：拒绝，不会串给别人',
    duty: 'msgid 要有真正的流水号：机构编号加秒，同一秒里两个报文就会相撞。',
    async run(stage, check) {
      const { input, msgid } = await prepare(stage)
      succeeded(check, await stage.ask('2207', input, { msgid }), '第一位')
      const other = smallBill({ patient: townsman('dibao_10') })
      const second = stage.settling(other, await stage.nextIds(other.patient))
      refusedWith(check, await stage.ask('2207', second, { msgid }), '第二位', 'idempotency_key_reused', '报文ID重复')
      assistedWith(check, await stage.ask('2207', second), '换新 msgid', wantedIn(stage))
    },
  },
  {
    id: 'H607',
    title: '撤销两次：第一次办成，第二次拒绝；撤销后可重结',
    duty: '撤销单的结算ID 是新的，两个都要存；第二次撤销被拒时不要再退款。',
    async run(stage, check) {
      const { bill, ids, input } = await prepare(stage)
      const settled = await stage.ask('2207', input)
      assistedWith(check, settled, '结算', wantedIn(stage))
      const node = { setl_id: infoIn(settled).setl_id, mdtrt_id: ids.mdtrt_id, psn_no: ids.psn_no }
      cancels(check, await stage.ask('2208', { data: node }), settled)
      refusedWith(check, await stage.ask('2208', { data: node }), '再撤销', 'already_reversed')
      const anew = stage.settling(bill, { ...ids, setl_id: `${ids.setl_id}B` })
      assistedWith(check, await stage.ask('2207', anew), '重结', wantedIn(stage))
    },
  },
  {
    id: 'H608',
    title: '2601 冲正没有得到答复的 2207：冲掉；再冲一次也是成功；人员不符则拒绝',
    duty: '结果查不清、又不想要这笔时才发 2601；omsgid、oinfno、psn_no 照原报文填。',
    async run(stage, check) {
      const { bill, ids, input, msgid } = await prepare(stage)
      await stage.send('2207', input, { msgid, write: cutAfterSending })
      await wait(300)
      refusedWith(check, await reverse(stage, 'YS-NOBODY', msgid), '人员不符', 'record_mismatch')
      succeeded(check, await reverse(stage, ids.psn_no, msgid), '冲正')
      succeeded(check, await reverse(stage, ids.psn_no, msgid), '再冲正')
      const anew = stage.settling(bill, { ...ids, setl_id: `${ids.setl_id}B` })
      assistedWith(check, await stage.ask('2207', anew), '重结', wantedIn(stage))
    },
  },
  {
    id: 'H609',
    title: '2601 先到、原 2207 后到：迟到的原报文被拒，不会入账',
    duty: '冲正之后要重结，换新的 msgid。',
    async run(stage, check) {
      const { ids, input, msgid } = await prepare(stage)
      succeeded(check, await reverse(stage, ids.psn_no, msgid), '冲正未到的报文')
      refusedWith(check, await stage.ask('2207', input, { msgid }), '迟到的原报文', 'reversed_before_arrival')
      assistedWith(check, await stage.ask('2207', input), '换新 msgid', wantedIn(stage))
    },
  },
  {
    id: 'H610',
    title: '有有效结算时发 2202：拒绝，说出结算ID；撤销后才行',
    duty: '2207 失败或超时后不要发 2202：先查清，或用 2601 冲正。',
    async run(stage, check) {
      const { bill, ids: made } = await prepare(stage)
      const { patient } = bill
      const visit = await stage.ask('2201', { data: registration(made.psn_no, patient.id_number) })
      succeeded(check, visit, '2201 挂号')
      const given = (visit.output.data as Record<string, unknown> | undefined)?.mdtrt_id
      const ids = { ...made, mdtrt_id: String(given ?? made.mdtrt_id) }
      const settled = await stage.ask('2207', stage.settling(bill, ids))
      succeeded(check, settled, '2207 结算')
      const node = { data: { psn_no: ids.psn_no, mdtrt_id: ids.mdtrt_id, ipt_otp_no: 'YS' } }
      const early = await stage.ask('2202', node)
      check.same('2202：infcode', early.infcode, '-1')
      const { setl_id } = infoIn(settled)
      check.holds('说出结算ID', early.errMsg.includes(String(setl_id)), early.errMsg)
      const back = { data: { setl_id, mdtrt_id: ids.mdtrt_id, psn_no: ids.psn_no } }
      succeeded(check, await stage.ask('2208', back), '2208 撤销')
      succeeded(check, await stage.ask('2202', node), '撤销后的 2202')
    },
  },
  {
    id: 'H611',
    title: '签名过期、签名重用、不签名：都拒绝',
    duty: '终端对时（相差不超过 60 秒）；x-tif-nonce 每次发送都换新的，原样再发报文时也一样。',
    async run(stage, check) {
      const { tif, now } = stage.reached
      if (!tif) throw new Skipped('没有给出 --paasid 和 --secret-file')
      const signIn = { signIn: { opter_no: '1001', mac: '', ip: '' } }
      const ask = (by: ReturnType<HisStage['as']>) => stage.ask('9001', signIn, { by })
      succeeded(check, await ask(stage.as(tif)), '按时签名')
      refusedWith(check, await ask(stage.as(tif, () => now() - 120_000)), '签名慢两分钟', 'clock_skew')
      refusedWith(check, await ask(stage.as(tif, () => now() + 120_000)), '签名快两分钟', 'clock_skew')
      refusedWith(check, await ask(stage.as(null)), '不签名', 'signature_required')
      refusedWith(check, await ask(stage.as({ ...tif, secret: 'x'.repeat(36) })), '密钥不对', 'signature_invalid')
      const replay = stage.replaying(tif)
      succeeded(check, await ask(replay), '第一次用这个 nonce')
      refusedWith(check, await ask(replay), '第二次用同一个 nonce', 'signature_replayed')
    },
  },
]

const registration = (psn_no: string, id_number: string) => ({
  ...{ psn_no, insutype: '390', begntime: '2024-05-20 09:00:00', mdtrt_cert_type: '02', mdtrt_cert_no: id_number },
  ...{ ipt_otp_no: 'YS', atddr_no: 'D1', dr_name: '医师', dept_code: '01', dept_name: '内科', caty: 'A03' },
})

export const HIS_FAULT_CASES: readonly HisCase[] = CASES.map((one) => ({ ...one, part: PART }))

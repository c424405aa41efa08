import { createHash } from 'node:crypto'
import { residentNumbers } from '../../fixtures/resident.ts'
import type { Fen } from '../../src/kernel/money.ts'
import { bornOn, sexOf } from '../../src/kernel/resident-id.ts'
import { fenOf, isRefused, type Json, list, type Refused, refuse, text } from './wire.ts'

/** Somebody the platform insures. */
export interface Person {
  readonly psn_no: string
  readonly certno: string
  readonly psn_name: string
  readonly card: string
  readonly token: string
  readonly naty: string
  readonly balance: Fen
  readonly civilServant: boolean
  readonly insuinfo: readonly Json[]
  readonly idetinfo: readonly Json[]
}

/** Recorded persons had up to six insurances, most of them ended and in other places. */
function sixInsurances(insutype: string, admdvs: string, psn_type: string, balance: Fen, civil: boolean): Json[] {
  const ended = (insuplc_admdvs: string, type: string, psn: string, from: string, until: string): Json => ({
    insuplc_admdvs,
    psn_insu_date: from,
    cvlserv_flag: '0',
    balc: 0,
    emp_name: '测试单位',
    psn_type: psn,
    psn_insu_stas: '4',
    insutype: type,
    paus_insu_date: until,
  })
  return [
    ended('411399', '39999', '1560', '2008-04-25', '2012-12-31'),
    ended('130399', '310', '1101', '2013-01-01', '2014-06-30'),
    {
      insuplc_admdvs: admdvs,
      psn_insu_date: '2016-01-01',
      cvlserv_flag: civil ? '1' : '0',
      balc: balance / 100,
      emp_name: '测试单位',
      psn_type,
      psn_insu_stas: '1',
      insutype,
      paus_insu_date: null,
    },
    ended('650100', '380', '1501', '2014-07-01', '2014-12-31'),
    ended('654003', '510', '1101', '2013-01-01', '2014-06-30'),
    ended('654099', '392', '1560', '2015-01-01', '2015-12-31'),
  ]
}

/** The insurer's number of somebody who was given none: always the same one, and it does not show the ID number. */
export function psnNoOf(certno: string): string {
  const digest = createHash('sha256').update(`psn|${certno}`).digest('hex').slice(0, 18)
  return `654002${BigInt(`0x${digest}`).toString().slice(0, 20).padStart(20, '0')}`
}

/** A person from what a test says about them; only certno and psn_name must be said. */
export function personOf(said: Json): Person | Refused {
  const certno = text(said.certno)
  const psn_name = text(said.psn_name)
  if (!certno || !psn_name) return refuse('a person needs certno and psn_name')
  const insutype = text(said.insutype) || '390'
  const balance = fenOf(said.balance)
  if (balance === undefined) return refuse(`the balance of ${psn_name} is no amount`)
  const civilServant = said.civilServant === true
  const psn_type = text(said.psn_type) || (insutype === '310' ? '1101' : '1501')
  const psn_no = text(said.psn_no) || psnNoOf(certno)
  const admdvs = text(said.admdvs) || '654002'
  return {
    psn_no,
    certno,
    psn_name,
    card: text(said.card) || `K${psn_no.slice(-8)}`,
    token: text(said.token) || `T${psn_no}`,
    naty: text(said.naty) || '01',
    balance: balance ?? 0,
    civilServant,
    insuinfo: Array.isArray(said.insuinfo)
      ? list(said.insuinfo)
      : sixInsurances(insutype, admdvs, psn_type, balance ?? 0, civilServant),
    idetinfo: list(said.idetinfo),
  }
}

export const bornOf = (person: Person): string =>
  /^\d{17}[\dXx]$/.test(person.certno) ? bornOn(person.certno) : '1970-01-01'
export const gendOf = (person: Person): string =>
  /^\d{17}[\dXx]$/.test(person.certno) ? (sexOf(person.certno) === 'male' ? '1' : '2') : '9'
/** With one decimal, as recorded. */
export const ageOf = (person: Person, now: number): number =>
  Math.max(0, Math.floor(((now - Date.parse(bornOf(person))) / 31_557_600_000) * 10) / 10)

/** The insurance a settlement is for: running, and of the kind that was named (or the first, if none was). */
export const insuranceOf = (person: Person, insutype: string): Json | null =>
  person.insuinfo.find((i) => i.psn_insu_stas === '1' && (insutype === '' || i.insutype === insutype)) ?? null

const number = residentNumbers()

/** Who is insured from the beginning: two residents, an employee with money in the account, a civil servant. */
export const FIXTURES: readonly Person[] = [
  { certno: number('1962-03-14', 'female'), psn_name: '测试居民甲' },
  { certno: number('1985-07-02', 'male'), psn_name: '测试居民乙', balance: '200.00' },
  { certno: number('1979-11-23', 'male'), psn_name: '测试职工丙', insutype: '310', balance: '1373.63' },
  {
    certno: number('1971-01-30', 'female'),
    psn_name: '测试公务员丁',
    insutype: '310',
    balance: '50.00',
    civilServant: true,
  },
].map((said) => {
  const person = personOf(said)
  if (isRefused(person)) throw new Error(person.refuse)
  return person
})

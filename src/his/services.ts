/**
 * Addresses of the transactions below `/fsi/api/`, the spelling of the newest clients first, misspelt as they are;
 * then older ones, and the same without the slips, for whoever mends them. For 3203, 3204 and 5201 no client was found
 * that writes one: they come by their number.
 */
const SERVICES: Readonly<Record<string, readonly string[]>> = {
  '9001': ['signInSignOutService/signIn'],
  '9002': ['signInSignOutService/signOut'],
  '9101': ['fileupload/upload'],
  '9102': ['fileupload/download'],
  '1101': ['fsiPsnInfoService/queryPsnInfo'],
  '1201': ['fsiFixMedInsService/queryFixMedIns'],
  '1901': ['catalogqueryservice/queryDataDic'],
  '2001': ['fsiPsnPriorityInfoService/queryPsnPriorityInfo'],
  '2201': ['outpatientDocInfoService/outpatientRregistration', 'outpatientDocInfoService/outpatientRegistration'],
  '2202': ['outpatientDocInfoService/outpatientRegistrationCancel'],
  '2203': ['outpatientDocInfoService/outpatientMdtrtinfoUp'],
  '2203A': ['outpatientDocInfoService/outpatientMdtrtinfoUpA'],
  '2204': ['outpatientDocInfoService/outpatientFeeListUp'],
  '2205': ['outpatientDocInfoService/outpatientFeeListUpCancel'],
  '2206': ['outpatientSettleService/preSettletment', 'outpatientSettleService/preSettlement'],
  '2207': [
    'outpatientSettleService/saveSettletmentV2',
    'outpatientSettleService/saveSettletment',
    'outpatientSettleService/saveSettlementV2',
    'outpatientSettleService/saveSettlement',
  ],
  '2208': [
    'outpatientSettleService/cancleSettletment',
    'outpatientSettleService/cancelSettletment',
    'outpatientSettleService/cancelSettlement',
  ],
  '2301': ['hospFeeDtlService/feeDtlUp'],
  '2302': ['hospFeeDtlService/feeDtlCl'],
  '2303': ['hospSettService/preSett'],
  '2304': ['hospSettService/settV2', 'hospSettService/sett'],
  '2305': ['hospSettService/settCl'],
  '2401': ['hospitalRegisterService/hospitalRegisterSave'],
  '2402': ['dscgService/dischargeProcess'],
  '2403': ['hospitalRegisterService/hospitalRegisterEdit'],
  '2404': ['hospitalRegisterService/hospitalRegisterCancel'],
  '2405': ['dscgService/dischargeUndo'],
  '2601': ['reverseService/revsMethod'],
  '3201': ['ybSettlementStmtService/stmtTotal'],
  '3202': ['ybSettlementStmtService/stmtDetail'],
  '5203': ['fsiIntegratedQueryService/querySetlInfo'],
  '5204': ['fsiIntegratedQueryService/queryFeeList'],
  '5206': ['fsiIntegratedQueryService/queryFixmedinsPracPsnSum'],
  '5301': ['fsiIntegratedQueryService/queryPsnOpspReg'],
  '5303': ['fsiIntegratedQueryService/queryInhospInfo'],
}

const PREFIX = '/fsi/api/'
const BY_SERVICE = new Map(
  Object.entries(SERVICES).flatMap(([infno, all]) => all.map((service) => [service.toLowerCase(), infno] as const)),
)

/** The transaction an address below `/fsi/api/` means, in whatever letters; null: none we know of. */
export const infnoAt = (service: string): string | null => BY_SERVICE.get(service.toLowerCase()) ?? null

/** A number with a letter behind it is the newer form of the transaction of four digits. */
export const plainInfno = (infno: string): string => infno.slice(0, 4)

/** The address of a transaction below `/fsi/api/`: as the hospital itself wrote it, else as the newest clients do. */
export const SERVICE_OF = (infno: string, path = ''): string =>
  path.startsWith(PREFIX) ? path.slice(PREFIX.length) : (SERVICES[infno]?.[0] ?? SERVICES[plainInfno(infno)]?.[0] ?? '')

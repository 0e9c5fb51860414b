/** Length of the sentences of a language, in code points. */
export interface SentenceLength {
  readonly targetLength: number;
  readonly spread: number;
}

/** What languages without statistics have. */
export const defaultSentenceLength: SentenceLength = { targetLength: 70, spread: 25 };

/** `code:target:spread`: the statistics of Universal Dependencies 2.14 that wtpsplit gives (`sentence_stats.json`). */
const table = `
ab:48:22 af:132:70 ajp:27:14 akk:51:36 aln:67:35 am:18:10 apu:30:12 aqz:16:10 ar:67:55 arr:16:10 az:29:14
azz:30:28 bar:51:40 be:58:48 bej:58:46 bg:66:46 bho:72:42 bm:38:22 bor:29:22 br:42:33 bxr:55:37 ca:151:85
ceb:27:13 ckt:34:19 cop:70:42 cpg:40:28 cs:86:62 cu:39:29 cy:82:62 da:82:61 de:111:61 egy:29:16 el:94:74
eme:19:11 en:63:53 es:135:87 ess:29:11 et:74:55 eu:79:45 fa:72:48 fi:63:47 fo:63:48 fr:90:65 frm:87:66
fro:37:25 ga:111:54 gd:66:72 gl:160:57 got:49:37 grc:66:48 gsw:73:25 gu:36:26 gub:33:16 gun:20:11 gv:26:10
ha:29:24 hbo:118:45 he:86:48 hi:93:45 hit:67:37 hr:118:68 hsb:86:48 ht:89:47 hu:138:79 hy:91:77 hyw:88:69
id:117:64 is:87:64 it:108:62 ja:18:15 jv:69:38 ka:85:60 kk:52:28 kmr:57:21 ko:44:22 koi:34:20 kpv:51:36
krl:73:40 ky:58:25 la:73:58 lij:55:49 lt:102:74 lv:84:62 lzh:5:10 mdf:49:22 mk:37:14 ml:69:47 mr:32:17
mt:98:75 myu:25:14 myv:46:31 nds:80:59 nhi:47:31 nl:79:62 no:77:54 olo:70:41 orv:43:38 ota:82:69 pad:26:13
pcm:46:37 pl:55:42 pt:74:57 qaf:68:39 qfn:47:18 qpm:61:40 qtd:79:45 quc:26:10 ro:102:60 ru:79:60 sa:37:27
sah:25:10 say:32:25 si:44:10 sjo:62:59 sk:44:31 sl:79:64 sme:41:29 sms:51:30 sr:120:62 sv:83:53 swl:66:46
ta:52:58 te:25:10 th:95:40 tl:34:21 tpn:38:23 tr:49:37 tt:93:44 ug:63:35 uk:75:59 ur:108:59 vep:69:36 vi:80:40
wo:78:48 xav:42:25 xcl:73:42 xnr:35:14 xum:26:26 yo:96:45 yrl:38:30 yue:13:14 zh:29:19
`;

/** Usual sentence lengths by language code. */
export const sentenceLengths: ReadonlyMap<string, SentenceLength> = new Map(
  table
    .trim()
    .split(/\s+/u)
    .map((entry) => {
      const [code, targetLength, spread] = entry.split(':');
      return [code!, { targetLength: Number(targetLength), spread: Number(spread) }];
    }),
);

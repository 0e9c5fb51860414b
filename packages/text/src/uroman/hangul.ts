const leads = 'g,gg,n,d,dd,r,m,b,bb,s,ss,,j,jj,c,k,t,p,h'.split(',');
const vowels = 'a,ae,ya,yae,eo,e,yeo,ye,o,wa,wai,oe,yo,u,weo,we,wi,yu,eu,yi,i'.split(',');
const tails = ',g,gg,gs,n,nj,nh,d,l,lg,lm,lb,ls,lt,lp,lh,m,b,bs,s,ss,ng,j,c,k,t,p,h'.split(',');

/** Romanization of a Korean syllable, which its code point tells; undefined for other characters. */
export function romanizeHangul(character: string): string | undefined {
  const index = character.codePointAt(0)! - 0xac00;
  if (index < 0 || index > 0xd7a3 - 0xac00) return undefined;
  const lead = Math.floor(index / (tails.length * vowels.length));
  const vowel = Math.floor(index / tails.length) % vowels.length;
  return leads[lead]! + vowels[vowel]! + tails[index % tails.length]!;
}

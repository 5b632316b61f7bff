/**
 * The entities that XHTML knows: an & that begins none of them is not well-formed, and no reader of XML gets past it.
 *
 * Spec: https://hl7.org/fhir/R4/narrative.html#xhtml · https://www.w3.org/TR/xhtml1/dtds.html#h-A2
 */

/** Latin 1, special characters and symbols. */
const NAMES = new Set(
  `nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot
  cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml
  Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig
  agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute
  ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
  quot amp lt gt apos OElig oelig Scaron scaron Yuml circ tilde ensp emsp thinsp zwnj zwj lrm rlm ndash mdash lsquo rsquo sbquo
  ldquo rdquo bdquo dagger Dagger permil lsaquo rsaquo euro
  fnof Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho Sigma Tau Upsilon Phi Chi Psi Omega
  alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf sigma tau upsilon phi chi psi omega
  thetasym upsih piv bull hellip prime Prime oline frasl weierp image real trade alefsym larr uarr rarr darr harr crarr lArr uArr
  rArr dArr hArr forall part exist empty nabla isin notin ni prod sum minus lowast radic prop infin ang and or cap cup int there4
  sim cong asymp ne equiv le ge sub sup nsub sube supe oplus otimes perp sdot lceil rceil lfloor rfloor lang rang loz spades clubs
  hearts diams`.split(/\s+/),
);
const AMPERSAND = /&(?:#(\d{1,7});|#x([0-9a-fA-F]{1,6});|([A-Za-z][A-Za-z0-9]*);)?/g;

/** Why text, or the value of an attribute, is not well-formed for an & in it; undefined when it is. */
export function entityFault(text: string): string | undefined {
  if (!text.includes('&')) return undefined;
  for (const [whole, decimal, hex, name] of text.matchAll(AMPERSAND)) {
    if (whole === '&') return 'an & that does not begin an entity';
    if (name !== undefined && !NAMES.has(name)) return `&${name.slice(0, 30)}; is no entity of XHTML`;
    if (name === undefined && !isCharacter(decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal))) {
      return `${whole} is no character of XML`;
    }
  }
  return undefined;
}

/** True for what XML takes as a character (https://www.w3.org/TR/xml/#charsets). */
function isCharacter(code: number): boolean {
  return code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0x10ffff);
}

/** All stories by the name of their file, in the order in which they are loaded. */
import type { PersonSpec } from '../spec.ts';
import { persons as ingridSolberg } from './01-ingrid-solberg.ts';
import { persons as jonasLindvik } from './02-jonas-lindvik.ts';
import { persons as evenStrandheim } from './03-even-strandheim.ts';
import { persons as arneKvamsdal } from './04-arne-kvamsdal.ts';
import { persons as maritHaugstad } from './05-marit-haugstad.ts';
import { persons as solveigBrekkhus } from './06-solveig-brekkhus.ts';
import { persons as torEgilMyrvang } from './07-tor-egil-myrvang.ts';
import { persons as selamHaile } from './08-selam-haile.ts';
import { persons as saraFossdal } from './09-sara-fossdal.ts';
import { persons as kariLonningdal } from './10-kari-lonningdal.ts';
import { persons as ekteparetTveitmo } from './11-ekteparet-tveitmo.ts';
import { persons as astridMoldskred } from './12-astrid-moldskred.ts';
import { persons as gunnarRodsetvik } from './13-gunnar-rodsetvik.ts';
import { persons as emilSandvollen } from './14-emil-sandvollen.ts';
import { persons as theaNygardslid } from './15-thea-nygardslid.ts';
import { persons as oskarBjorkmo } from './16-oskar-bjorkmo.ts';
import { persons as nilsBakkehavn } from './17-nils-bakkehavn.ts';
import { persons as unniKleivmyr } from './18-unni-kleivmyr.ts';
import { persons as ronnySkarsteinvik } from './19-ronny-skarsteinvik.ts';
import { persons as mikkelAspelid } from './20-mikkel-aspelid.ts';
import { persons as randiOstgardvik } from './21-randi-ostgardvik.ts';
import { persons as perArneHauglundvik } from './22-per-arne-hauglundvik.ts';
import { persons as livAskhaugen } from './23-liv-askhaugen.ts';
import { persons as hassanRahimiyan } from './24-hassan-rahimiyan.ts';
import { persons as leilaNordbyhagen } from './25-leila-nordbyhagen.ts';
import { persons as jakobFjellvang } from './26-jakob-fjellvang.ts';
import { persons as hanneMidtlien } from './27-hanne-midtlien.ts';
import { persons as elinVestgardsli } from './28-elin-vestgardsli.ts';
import { persons as bjornTangeroy } from './29-bjorn-tangeroy.ts';
import { persons as torunnHellevangen } from './30-torunn-hellevangen.ts';
import { persons as aslaugNedregardvik } from './31-aslaug-nedregardvik.ts';
import { persons as ravdnaSarabakti } from './32-ravdna-sarabakti.ts';
import { persons as kjellOversandvik } from './33-kjell-oversandvik.ts';
import { persons as mathildeOstbolid } from './34-mathilde-ostbolid.ts';

export const STORIES: Readonly<Record<string, readonly PersonSpec[]>> = {
  '01-ingrid-solberg': ingridSolberg,
  '02-jonas-lindvik': jonasLindvik,
  '03-even-strandheim': evenStrandheim,
  '04-arne-kvamsdal': arneKvamsdal,
  '05-marit-haugstad': maritHaugstad,
  '06-solveig-brekkhus': solveigBrekkhus,
  '07-tor-egil-myrvang': torEgilMyrvang,
  '08-selam-haile': selamHaile,
  '09-sara-fossdal': saraFossdal,
  '10-kari-lonningdal': kariLonningdal,
  '11-ekteparet-tveitmo': ekteparetTveitmo,
  '12-astrid-moldskred': astridMoldskred,
  '13-gunnar-rodsetvik': gunnarRodsetvik,
  '14-emil-sandvollen': emilSandvollen,
  '15-thea-nygardslid': theaNygardslid,
  '16-oskar-bjorkmo': oskarBjorkmo,
  '17-nils-bakkehavn': nilsBakkehavn,
  '18-unni-kleivmyr': unniKleivmyr,
  '19-ronny-skarsteinvik': ronnySkarsteinvik,
  '20-mikkel-aspelid': mikkelAspelid,
  '21-randi-ostgardvik': randiOstgardvik,
  '22-per-arne-hauglundvik': perArneHauglundvik,
  '23-liv-askhaugen': livAskhaugen,
  '24-hassan-rahimiyan': hassanRahimiyan,
  '25-leila-nordbyhagen': leilaNordbyhagen,
  '26-jakob-fjellvang': jakobFjellvang,
  '27-hanne-midtlien': hanneMidtlien,
  '28-elin-vestgardsli': elinVestgardsli,
  '29-bjorn-tangeroy': bjornTangeroy,
  '30-torunn-hellevangen': torunnHellevangen,
  '31-aslaug-nedregardvik': aslaugNedregardvik,
  '32-ravdna-sarabakti': ravdnaSarabakti,
  '33-kjell-oversandvik': kjellOversandvik,
  '34-mathilde-ostbolid': mathildeOstbolid,
};

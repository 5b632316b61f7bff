import { onEachDatabase } from '../support/stores.ts';
import { stateStoreContract } from './state-store-contract.ts';

onEachDatabase('The state store', stateStoreContract);

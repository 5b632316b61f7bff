import { onEachStore } from '../support/stores.ts';
import { resourceStoreContract } from './store-contract.ts';

onEachStore('The resource store', resourceStoreContract);

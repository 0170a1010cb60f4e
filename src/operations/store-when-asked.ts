import type { DatabaseAdmin, Store } from '../contract/database.ts';

/** A store whose program is loaded when the first is asked of it. */
export function storeWhenAsked(load: () => Promise<Store>): Store {
  return {
    open: async (session) => (await load()).open(session),
    admin: (session) => {
      const admin = async (): Promise<DatabaseAdmin> => (await load()).admin(session);
      return {
        create: async (client) => (await admin()).create(client),
        status: async () => (await admin()).status(),
        check: async () => (await admin()).check(),
        doctor: async () => (await admin()).doctor(),
        backup: async (file) => (await admin()).backup(file),
        restore: async (file) => (await admin()).restore(file),
        migrate: async () => (await admin()).migrate(),
        copyTo: async (location, options) => (await admin()).copyTo(location, options),
      };
    },
    share: async (options) => {
      const { share } = await load();
      if (share === undefined) throw new Error('this store cannot be shared');
      return share(options);
    },
  };
}

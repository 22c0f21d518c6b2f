import { connectControl } from '../../local/control/client.ts';
import { colorsFor } from '../cli/terminal.ts';
import { describePermissions } from '../describe-permissions.ts';

/** Prints what policies allow and no call to the runtime in the working directory has used. */
export async function listPermissions({ json }: { readonly json: boolean }): Promise<void> {
  const client = await connectControl(process.cwd());
  const permissions = await client.unusedPermissions();
  if (json) console.log(JSON.stringify(permissions));
  else console.log(describePermissions(permissions, colorsFor(process.stdout)));
}

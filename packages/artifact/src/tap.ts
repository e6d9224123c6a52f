import { SafebaseError } from "@safebase/contracts";
import type { Stage } from "./stage.ts";

const TAIL_BYTES = 200;

/** Perl, because it is part of every Debian and copies 2 GB a second: a stage that needs no build of our own. */
const SCRIPT = `
my ($size, $tail, $chunk) = (0, "", "");
while (1) {
  my $got = sysread(STDIN, $chunk, 262144);
  die "cannot read: $!\\n" unless defined $got;
  last if $got == 0;
  for (my $done = 0; $done < $got;) {
    my $put = syswrite(STDOUT, $chunk, $got - $done, $done);
    die "cannot write: $!\\n" unless defined $put;
    $done += $put;
  }
  $size += $got;
  $tail = $tail . $chunk if $got < ${TAIL_BYTES};
  $tail = $chunk if $got >= ${TAIL_BYTES};
  $tail = substr($tail, -${TAIL_BYTES}) if length($tail) > ${TAIL_BYTES};
}
print STDERR "raw $size ", unpack("H*", $tail), "\\n";
`;

/** A stage that passes everything on, and tells at the end how much it was and what its last bytes were. */
export function tapStage(): Stage {
  return {
    program: "perl", args: ["-e", SCRIPT], package: "perl-base", raw_side: "read",
    rawReport: (stderr) => {
      const found = /^raw (\d+) ([0-9a-f]*)$/m.exec(stderr);
      return found ? { size_bytes: Number(found[1]), tail: Buffer.from(found[2] as string, "hex") } : undefined;
    },
  };
}

/** Throws `incomplete_dump` unless one of a dump's last lines starts with the text that its tool writes last. */
export function verifyTrailer(trailer: string, tail: Buffer | undefined): void {
  if (tail && `\n${tail.toString("utf8")}`.includes(`\n${trailer}`)) return;
  throw new SafebaseError("incomplete_dump", "the dump ended without its closing line, so a part of it is missing", {
    hint: "nothing was kept; look in the server's log for a lost connection, then start the backup again",
  });
}

#!/usr/bin/env bash
# picocli 4.7.7: the help shows an Optional that is empty as the default "Optional.empty".
#
# Guessed: with showDefaultValues an option without a default has no line "Default: ...", as an option whose field is null has none.
# Seen:    "Default: Optional.empty", and ${DEFAULT-VALUE} in a description becomes the same words. Acclimate's descriptions say
#          what happens without the option instead.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'X'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>info.picocli</groupId><artifactId>picocli</artifactId><version>4.7.7</version></dependency>
</dependencies></project>
X
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'X'
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
public class Main {
    @Command(name = "x", showDefaultValues = true)
    static class X {
        @Option(names = "--a", description = "An Optional.")
        Optional<String> a = Optional.empty();
        @Option(names = "--b", description = "A String.")
        String b;
        @Option(names = "--c", description = "In words: ${DEFAULT-VALUE}.")
        Optional<String> c = Optional.empty();
    }
    public static void main(String[] a) {
        System.out.print(new CommandLine(new X()).getUsageMessage(CommandLine.Help.Ansi.OFF));
    }
}
X
java -cp 'lib/*' Main.java 2>/dev/null | tee out
diff out - <<'X'
Usage: x [--a=<a>] [--b=<b>] [--c=<c>]
      --a=<a>   An Optional.
                  Default: Optional.empty
      --b=<b>   A String.
      --c=<c>   In words: Optional.empty.
                  Default: Optional.empty
X
echo 'as seen: Optional.empty'

import java.io.File;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Says every three seconds how many source files have their class file, since Maven says nothing while javac is at work. Ends when all
 * have, or when Maven ends: {@code java CompileProgress.java CLASSES SOURCES...} Most of its cost is its own compilation, so it is made of
 * what that needs anyway.
 */
class CompileProgress {
    private static final long BETWEEN_LOOKS_MILLIS = 1_000;
    private static final int LOOKS_BETWEEN_LINES = 3;

    private int sources;
    private int compiled;

    public static void main(String[] folders) throws InterruptedException, ExecutionException {
        // Maven deletes the old class files first; a look before that would take them for new ones.
        for (int look = 1; !parentEndsWithin(BETWEEN_LOOKS_MILLIS); look++) {
            CompileProgress now = new CompileProgress();
            for (int i = 1; i < folders.length; i++) {
                now.count(new File(folders[i]), new File(folders[0]));
            }
            if (look >= LOOKS_BETWEEN_LINES && now.compiled == now.sources) {
                return;
            }
            if (look % LOOKS_BETWEEN_LINES == 0) {
                System.out.println("compiled " + now.compiled + " of " + now.sources + " source files");
            }
        }
    }

    private void count(File folder, File classes) {
        File[] files = folder.listFiles();
        if (files == null) {
            return;
        }
        for (File each : files) {
            String name = each.getName();
            // A package-info without annotations has no class file.
            if (name.endsWith(".java") && !name.endsWith("-info.java")) {
                sources++;
                compiled += new File(classes, name.replace(".java", ".class")).isFile() ? 1 : 0;
            } else if (each.isDirectory()) {
                count(each, new File(classes, name));
            }
        }
    }

    private static boolean parentEndsWithin(long millis) throws InterruptedException, ExecutionException {
        Optional<ProcessHandle> parent = ProcessHandle.current().parent();
        if (parent.isEmpty()) {
            return true;
        }
        try {
            parent.get().onExit().get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }
}

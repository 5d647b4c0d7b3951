@echo off
rem Starts Acclimate from the folder that the release was unpacked to. JAVA_HOME chooses the JVM, JAVA_OPTS its options.
setlocal
if not defined OMP_WAIT_POLICY set OMP_WAIT_POLICY=passive
set JAVA=java
if defined JAVA_HOME set JAVA=%JAVA_HOME%\bin\java
"%JAVA%" -Dsun.misc.unsafe.memory.access=allow %JAVA_OPTS% -jar "%~dp0..\acclimate.jar" %*

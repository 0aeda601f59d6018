# Stands in for the official docker:…-cli image where nothing can be pulled: busybox and a docker client, no more.
FROM scratch
COPY root /
RUN ["/bin/busybox", "--install", "-s", "/bin"]
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["sh"]

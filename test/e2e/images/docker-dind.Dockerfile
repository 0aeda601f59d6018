# Stands in for the official docker:…-dind image where nothing can be pulled: its entry point and variables, on Debian's
# dockerd.
FROM machine-relay-e2e/debian-host
COPY dockerd-entrypoint.sh /usr/local/bin/dockerd-entrypoint.sh
ENV DOCKER_TLS_CERTDIR=/certs
VOLUME /var/lib/docker
EXPOSE 2375 2376
ENTRYPOINT ["dockerd-entrypoint.sh"]
CMD []
